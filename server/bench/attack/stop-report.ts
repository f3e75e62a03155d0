/** What became of calls that were up while their server was stopped by SIGTERM and started again. */
export interface StopFigures {
  readonly calls: number;
  /** Of as many new ones that were tried at the same time. */
  readonly refused: number;
  /** Until the process had ended, and from then until it served again. */
  readonly stopMs: number;
  readonly startMs: number;
  /** Calls that the caller could still hang up, and of whose end the callee was told. */
  readonly ended: number;
}

/** Its name among the attacks. */
export const STOP = 'graceful-stop';

export const stopSentence = ({ calls, refused, stopMs, startMs, ended }: StopFigures): string =>
  `stopped by SIGTERM with ${String(calls)} calls up, the process had ended after ${stopMs.toFixed(0)} ms and served again ` +
  `${(startMs / 1000).toFixed(1)} s later; of as many new calls meanwhile ${String(refused)} were refused; ${String(ended)} of those ` +
  'that were up could be hung up afterwards, for both sides';

/** What is not as it must be, as sentences. */
export const stopExcesses = ({ calls, refused, ended }: StopFigures): readonly string[] => [
  ...(refused === calls ? [] : [`${STOP}: ${String(calls - refused)} new calls were taken`]),
  ...(ended === calls ? [] : [`${STOP}: ${String(calls - ended)} calls were lost`]),
];
