import type { Outcomes } from './load.ts';

/** What was measured of one server. Rates are a second, one for each round. */
export interface Figures {
  readonly register: readonly number[];
  readonly challenge: readonly number[];
  readonly calls: readonly number[];
  readonly setup: Outcomes['setup'];
  readonly memoryKiBPerPhone: number;
  readonly storm: Outcomes['storm'];
  /** Only where a flow stays authenticated. */
  readonly flow?: readonly number[];
  /** Only where there are extensions to move. */
  readonly takeovers?: Outcomes['takeovers'];
  /** Only where there are mailboxes: the share of a core that callers cost who leave messages at once. */
  readonly deposits?: { readonly cores: number } | undefined;
}

/** Calls a second of the open loop. */
export const SETUP_RATE = 500;
/** Callers who leave a message at once. */
export const DEPOSITS = 50;

const round = (value: number, digits: number): number => Number(value.toFixed(digits));

/** NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [
    sorted[Math.floor((sorted.length - 1) / 2)],
    sorted[Math.ceil((sorted.length - 1) / 2)],
  ];
  return low === undefined || high === undefined ? Number.NaN : (low + high) / 2;
}

/** The servers take turns, so that their medians were seen in the same minutes. */
const ratioOf = (ours: readonly number[], theirs: readonly number[]): number => median(ours) / median(theirs);

/** One line for scripts. `kamailio` and `ratio` are there where it was measured too. */
export function toJson(perch: Figures, kamailio: Figures | undefined): string {
  const compared = (name: 'register' | 'challenge' | 'calls'): object => ({
    perch: Math.round(median(perch[name])),
    ...(kamailio && {
      kamailio: Math.round(median(kamailio[name])),
      ratio: round(ratioOf(perch[name], kamailio[name]), 2),
    }),
  });
  const { up } = perch.setup;
  return JSON.stringify({
    register: compared('register'),
    challenge: compared('challenge'),
    calls: compared('calls'),
    setup: { rate: SETUP_RATE, p50ms: round(up.p50, 2), p99ms: round(up.p99, 2) },
    memoryKiBPerPhone: round(perch.memoryKiBPerPhone, 1),
    storm: { ...perch.storm, seconds: round(perch.storm.seconds, 2) },
    ...(perch.takeovers && {
      takeoverMs: { p50: round(perch.takeovers.ms.p50, 1), p99: round(perch.takeovers.ms.p99, 1) },
    }),
    ...(perch.deposits && {
      deposits: { calls: DEPOSITS, cores: round(perch.deposits.cores, 2) },
    }),
  });
}

interface Row {
  readonly title: string;
  /** Several are a rate's rounds, of which more is better: its ratio is Perch over Kamailio, else Kamailio over Perch. */
  readonly value: (figures: Figures) => number | readonly number[] | undefined;
  readonly digits?: number;
}

const ROWS: readonly Row[] = [
  { title: 're-REGISTER/s, cached nonce', value: (f) => f.register },
  { title: 're-REGISTER/s, 401 each time', value: (f) => f.challenge },
  { title: 're-REGISTER/s, authenticated flow', value: (f) => f.flow },
  { title: 'complete calls/s', value: (f) => f.calls },
  { title: `at ${String(SETUP_RATE)} calls/s, ms from the callee's 200 …`, value: () => undefined },
  { title: '  until both sides are up, p50', value: (f) => f.setup.up.p50, digits: 2 },
  { title: '  until both sides are up, p99', value: (f) => f.setup.up.p99, digits: 2 },
  { title: "  to the callee's ACK, p50", value: (f) => f.setup.calleeAck.p50, digits: 2 },
  { title: "  to the callee's ACK, p99", value: (f) => f.setup.calleeAck.p99, digits: 2 },
  { title: "  to the caller's 200, p50", value: (f) => f.setup.callerAnswer.p50, digits: 2 },
  { title: "  to the caller's 200, p99", value: (f) => f.setup.callerAnswer.p99, digits: 2 },
  { title: 'KiB per idle registered phone', value: (f) => f.memoryKiBPerPhone, digits: 1 },
  { title: 'seconds until all phones are back', value: (f) => f.storm.seconds, digits: 2 },
  { title: '  of which turned away at first', value: (f) => f.storm.refused },
  { title: 'takeovers/s', value: (f) => f.takeovers && [f.takeovers.perSecond] },
  { title: 'ms from the last digit to the takeover, p50', value: (f) => f.takeovers?.ms.p50, digits: 1 },
  { title: 'ms from the last digit to the takeover, p99', value: (f) => f.takeovers?.ms.p99, digits: 1 },
  {
    title: `cores, while ${String(DEPOSITS)} callers leave a message`,
    value: (f) => f.deposits?.cores,
    digits: 2,
  },
];

/** A table for people: a ratio above 1 is in Perch's favour. */
export function toTable(perch: Figures, kamailio: Figures | undefined): string {
  const cell = (row: Row, figures: Figures | undefined): string => {
    const value = figures && row.value(figures);
    if (value === undefined) return '';
    const figure = typeof value === 'number' ? value : median(value);
    return figure.toLocaleString('en', digits(row.digits ?? 0));
  };
  const ratio = (row: Row): string => {
    const [ours, theirs] = [row.value(perch), kamailio && row.value(kamailio)];
    if (ours === undefined || theirs === undefined) return '';
    const value =
      typeof ours === 'number' || typeof theirs === 'number'
        ? Number(theirs) / Number(ours)
        : ratioOf(ours, theirs);
    return Number.isFinite(value) ? value.toFixed(2) : '';
  };
  const line = (title: string, ...cells: readonly string[]): string =>
    (title.padEnd(46) + cells.map((each) => each.padStart(11)).join('')).trimEnd();
  return [
    kamailio ? line('', 'Perch', 'Kamailio', 'ratio') : line('', 'Perch'),
    ...ROWS.map((row) => line(row.title, cell(row, perch), cell(row, kamailio), ratio(row))),
  ].join('\n');
}

const digits = (count: number): Intl.NumberFormatOptions => ({
  minimumFractionDigits: count,
  maximumFractionDigits: count,
});
