import type { CallId, CallView } from '@perch/shared';

/** The INVITE and the server's event use two sockets: either may be first by this much (milliseconds). */
const GRACE_MS = 2_000;
/** A server that has been silent for longer may have forgotten the caller (milliseconds). */
export const SILENCE_MS = 12_000;

/** An offered call as the phone sees it. */
export interface Offered {
  readonly since: number;
  /** As the INVITE names it; `null` where it does not. */
  readonly id: CallId | null;
}

/** The server's last message, both times by this browser's clock. */
export interface LastWord {
  readonly heardAt: number;
  readonly calls: readonly CallView[];
}

/** The server's view of an offered call, if it still rings. */
export const ringingViewOf = (id: CallId | null, calls: readonly CallView[]): CallView | undefined =>
  calls.find((call) => call.id === id && call.state === 'ringing' && call.direction === 'incoming');

/** Does this call ring? Only while the server has confirmed it recently: the browser's own state is not enough. */
export function rings({ since, id }: Offered, word: LastWord, now: number): boolean {
  if (now - since < GRACE_MS) return true;
  return now - word.heardAt < SILENCE_MS && ringingViewOf(id, word.calls) !== undefined;
}
