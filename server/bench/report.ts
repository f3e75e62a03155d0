import type { Authentication, Cost, Outcomes, Throughput } from './load.ts';

/** The measurements of one server, round by round; empty where a part was left out or the server does not support it. */
export interface Figures {
  readonly memoryKiBPerPhone: number | undefined;
  readonly storms: readonly Outcomes['storm'][];
  readonly firstCalls: readonly Cost[];
  readonly registers: Readonly<Record<Authentication, readonly Throughput[]>>;
  readonly calls: readonly Throughput[];
  readonly setups: readonly Outcomes['setup'][];
  readonly takeovers: Outcomes['takeovers'] | undefined;
  /** The share of a core used by callers who leave messages at once. */
  readonly deposits: { readonly cores: number } | undefined;
  /** Shares of a core for the sound of a conference. */
  readonly conferences: readonly Outcomes['conference'][];
  /** One for each change. */
  readonly pages: Outcomes['pages'];
}

/** Perch, and what it is compared with. */
export interface Measured {
  readonly perch: Figures;
  /** What WebSocket alone costs. */
  readonly floor: Figures;
  readonly rival?: { readonly name: string; readonly figures: Figures };
}

/** Calls a second of the open loop. */
export const SETUP_RATE = 500;
/** Callers who leave a message at once. */
export const DEPOSITS = 50;
/** Participants of the conference. */
export const PARTICIPANTS = 8;

/** Pages that show a changing phone: their cost should grow with their number alone. */
export const PAGES = [100, 500, 2_000];

/** NaN where there are no values. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [
    sorted[Math.floor((sorted.length - 1) / 2)],
    sorted[Math.ceil((sorted.length - 1) / 2)],
  ];
  return low === undefined || high === undefined ? Number.NaN : (low + high) / 2;
}

type Rounds = (figures: Figures) => readonly number[];

interface Row {
  readonly title: string;
  /** Its key in the line for scripts. */
  readonly key: string;
  readonly rounds: Rounds;
  /** The figure of the other servers to compare with, where they do not support the same. */
  readonly others?: Rounds;
  readonly better: 'more' | 'less';
  /** The line for scripts has Perch's figure alone. */
  readonly alone?: true;
  readonly digits: number;
}

const cost = (costs: readonly Cost[]): readonly number[] => costs.map((each) => each.cpuMicroseconds);
const rate = (loads: readonly Throughput[]): readonly number[] => loads.map((each) => each.perSecond);
/** For figures that are measured once. */
const once = <Value>(value: Value | undefined): readonly Value[] => (value === undefined ? [] : [value]);

const costRow = (title: string, key: string, rounds: Rounds, others?: Rounds): Row => ({
  title: `  ${title}`,
  key: `cpuMicroseconds.${key}`,
  rounds,
  ...(others && { others }),
  better: 'less',
  digits: 1,
});
const rateRow = (title: string, key: string, rounds: Rounds, others?: Rounds): Row => ({
  title: `  ${title}`,
  key,
  rounds,
  ...(others && { others }),
  better: 'more',
  digits: 0,
});
const row = (title: string, key: string, digits: number, rounds: Rounds): Row => ({
  title: `  ${title}`,
  key,
  rounds,
  better: 'less',
  alone: true,
  digits,
});

const SECTIONS: readonly { readonly title: string; readonly rows: readonly Row[] }[] = [
  {
    title: 'microseconds of processor time',
    rows: [
      costRow('re-REGISTER, cached nonce', 'register', (f) => cost(f.registers['cached-nonce'])),
      costRow(
        're-REGISTER on a proven flow (others: cached nonce)',
        'flow',
        (f) => cost(f.registers.flow),
        (f) => cost(f.registers['cached-nonce']),
      ),
      costRow('re-REGISTER, 401 each time', 'challenge', (f) => cost(f.registers.challenge)),
      costRow('complete call, closed loop', 'calls', (f) => cost(f.calls)),
      costRow(`complete call, ${String(SETUP_RATE)} a second`, 'setup', (f) => cost(f.setups)),
      costRow('complete call, first thousand after a start', 'firstCalls', (f) => cost(f.firstCalls)),
      costRow('phone that comes back in a storm', 'storm', (f) => cost(f.storms)),
      costRow('takeover', 'takeover', (f) => cost(once(f.takeovers))),
    ],
  },
  {
    title: 'a second, on one core',
    rows: [
      rateRow('re-REGISTER, cached nonce', 'register', (f) => rate(f.registers['cached-nonce'])),
      rateRow(
        're-REGISTER on a proven flow (others: cached nonce)',
        'flow',
        (f) => rate(f.registers.flow),
        (f) => rate(f.registers['cached-nonce']),
      ),
      rateRow('re-REGISTER, 401 each time', 'challenge', (f) => rate(f.registers.challenge)),
      rateRow('complete calls', 'calls', (f) => rate(f.calls)),
      rateRow('takeovers', 'takeovers', (f) => rate(once(f.takeovers))),
    ],
  },
  {
    title: `milliseconds at ${String(SETUP_RATE)} calls a second, from the callee's 200`,
    rows: [
      row('until both sides are up, p50', 'setup.p50ms', 2, (f) => f.setups.map(({ up }) => up.p50)),
      row('until both sides are up, p99', 'setup.p99ms', 2, (f) => f.setups.map(({ up }) => up.p99)),
      row("to the callee's ACK, p50", 'setup.calleeAckP50ms', 2, (f) =>
        f.setups.map(({ calleeAck }) => calleeAck.p50),
      ),
      row("to the callee's ACK, p99", 'setup.calleeAckP99ms', 2, (f) =>
        f.setups.map(({ calleeAck }) => calleeAck.p99),
      ),
      row("to the caller's 200, p50", 'setup.callerAnswerP50ms', 2, (f) =>
        f.setups.map(({ callerAnswer }) => callerAnswer.p50),
      ),
      row("to the caller's 200, p99", 'setup.callerAnswerP99ms', 2, (f) =>
        f.setups.map(({ callerAnswer }) => callerAnswer.p99),
      ),
    ],
  },
  {
    title: `one phone changes, of ${String(Math.max(...PAGES))} extensions, and so many pages show it`,
    rows: PAGES.flatMap((count) => {
      const of = (figures: Figures) => figures.pages.filter(({ pages }) => pages === count);
      const key = `pages.${String(count)}`;
      return [
        row(`${String(count)}: ms of processor time`, `${key}.cpuMs`, 1, (f) =>
          of(f).map(({ cpuMicroseconds }) => cpuMicroseconds / 1000),
        ),
        row(`${String(count)}: MB sent`, `${key}.megabytes`, 3, (f) =>
          of(f).map(({ octets }) => octets / 1_000_000),
        ),
        row(`${String(count)}: seconds until the last one is told`, `${key}.seconds`, 2, (f) =>
          of(f).map(({ seconds }) => seconds),
        ),
      ];
    }),
  },
  {
    title: 'the rest',
    rows: [
      row('KiB per idle registered phone', 'memoryKiBPerPhone', 1, (f) => once(f.memoryKiBPerPhone)),
      row('seconds until all phones are back', 'storm.seconds', 2, (f) =>
        f.storms.map(({ seconds }) => seconds),
      ),
      row('phones turned away at first', 'storm.refused', 0, (f) => f.storms.map(({ refused }) => refused)),
      row('ms from the last digit to the takeover, p50', 'takeoverMs.p50', 1, (f) =>
        once(f.takeovers?.ms.p50),
      ),
      row('ms from the last digit to the takeover, p99', 'takeoverMs.p99', 1, (f) =>
        once(f.takeovers?.ms.p99),
      ),
      row(`cores, while ${String(DEPOSITS)} callers leave a message`, 'deposits.cores', 2, (f) =>
        once(f.deposits?.cores),
      ),
      row(
        `cores, for a conference of ${String(PARTICIPANTS)} of whom one speaks`,
        'conference.oneSpeaks',
        3,
        (f) => f.conferences.map(({ one }) => one),
      ),
      row(
        `cores, for a conference of ${String(PARTICIPANTS)} of whom all speak`,
        'conference.allSpeak',
        3,
        (f) => f.conferences.map(({ all }) => all),
      ),
    ],
  },
];

/** The medians of a row. NaN: not measured. */
interface Compared {
  readonly perch: number;
  readonly floor: number;
  readonly rival: number;
  /** Above 1 is in Perch's favour. */
  readonly ratio: number;
}

function compared({ rounds, others = rounds, better }: Row, { perch, floor, rival }: Measured): Compared {
  const [ours, beneath] = [median(rounds(perch)), median(others(floor))];
  const theirs = rival === undefined ? Number.NaN : median(others(rival.figures));
  const ratio = better === 'more' ? ours / theirs : theirs / ours;
  return { perch: ours, floor: beneath, rival: theirs, ratio };
}

/** A table for people: a ratio above 1 is in Perch's favour. */
export function toTable(measured: Measured): string {
  const { rival } = measured;
  const line = (title: string, ...cells: readonly string[]): string =>
    (title.padEnd(56) + cells.map((each) => each.padStart(11)).join('')).trimEnd();
  const lineOf = (row: Row): readonly string[] => {
    const { perch, floor, rival: theirs, ratio } = compared(row, measured);
    if (Number.isNaN(perch)) return [];
    const cells = [perch, floor, ...(rival ? [theirs] : [])].map((value) => shown(value, row.digits));
    return [line(row.title, ...cells, ...(rival ? [shown(ratio, 2)] : []))];
  };
  return [
    line('', 'Perch', 'bare WS', ...(rival ? [rival.name, 'ratio'] : [])),
    ...SECTIONS.flatMap(({ title, rows }) => {
      const lines = rows.flatMap(lineOf);
      return lines.length > 0 ? [title, ...lines] : [];
    }),
  ].join('\n');
}

function shown(value: number, digits: number): string {
  if (Number.isNaN(value)) return '';
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** One line for scripts. What was not measured is left out. */
export function toJson(measured: Measured): string {
  const line: Record<string, unknown> = {};
  for (const row of SECTIONS.flatMap(({ rows }) => rows)) {
    const { perch, floor, rival, ratio } = compared(row, measured);
    if (Number.isNaN(perch)) continue;
    const said = (value: number, digits = row.digits): number | undefined =>
      Number.isNaN(value) ? undefined : Number(value.toFixed(digits));
    const others = measured.rival && {
      [measured.rival.name.toLowerCase()]: said(rival),
      ratio: said(ratio, 2),
    };
    put(line, row.key, row.alone ? said(perch) : { perch: said(perch), floor: said(floor), ...others });
  }
  const { perch } = measured;
  if (perch.setups.length > 0) put(line, 'setup.rate', SETUP_RATE);
  if (perch.storms[0] !== undefined) put(line, 'storm.phones', perch.storms[0].phones);
  if (perch.conferences.length > 0) put(line, 'conference.participants', PARTICIPANTS);
  if (perch.deposits !== undefined) put(line, 'deposits.calls', DEPOSITS);
  return JSON.stringify(line);
}

/** `a.b` is the key `b` of the object that is `a`. */
function put(object: Record<string, unknown>, path: string, value: unknown): void {
  const [first = '', ...rest] = path.split('.');
  if (rest.length === 0) {
    object[first] = value;
  } else {
    const inner = (object[first] ??= {}) as Record<string, unknown>;
    put(inner, rest.join('.'), value);
  }
}
