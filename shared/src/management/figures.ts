/** What is added up of calls and stays, for an extension, a station or everyone. Each but `longestMs` is a sum, so that parts add up. */
export interface Sums {
  readonly offered: number;
  readonly handled: number;
  readonly missed: number;
  readonly declined: number;
  readonly outgoing: number;
  readonly internal: number;
  readonly external: number;
  readonly transferred: number;
  /** Calls in which it talked or held. */
  readonly talked: number;
  readonly talkMs: number;
  readonly holdMs: number;
  /** How long the handled calls rang that rang at all, and how many these are. */
  readonly rungMs: number;
  readonly rung: number;
  readonly longestMs: number;
  /** As a guest at stations: the time there, and that of its calls there. */
  readonly loggedInMs: number;
  readonly busyThereMs: number;
}

export const NOTHING: Sums = {
  ...{
    offered: 0,
    handled: 0,
    missed: 0,
    declined: 0,
    outgoing: 0,
    internal: 0,
    external: 0,
    transferred: 0,
  },
  ...{ talked: 0, talkMs: 0, holdMs: 0, rungMs: 0, rung: 0, longestMs: 0, loggedInMs: 0, busyThereMs: 0 },
};

/** Both together. PURE. */
export function added(one: Sums, other: Sums): Sums {
  const sum = { ...one } as Record<keyof Sums, number>;
  for (const key of Object.keys(NOTHING) as (keyof Sums)[]) sum[key] += other[key];
  return { ...sum, longestMs: Math.max(one.longestMs, other.longestMs) };
}

interface Figure {
  /** `ms`: milliseconds; `rate`: between 0 and 1, mostly. */
  readonly unit: 'count' | 'ms' | 'rate' | 'perHour';
  /** As it is named in files, in English. */
  readonly name: string;
  /** `null` where there is nothing to divide by. `hours`: how long the report's days are, together. */
  of(sums: Sums, hours: number): number | null;
}

const ratio = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);

/** Every figure of a report: how it is computed. What each means is in docs/statistics.md, and in the same sentences on the pages. */
export const FIGURES = {
  offered: {
    unit: 'count',
    name: 'Offered',
    of: ({ offered }) => offered,
  },
  handled: {
    unit: 'count',
    name: 'Handled',
    of: ({ handled }) => handled,
  },
  missed: {
    unit: 'count',
    name: 'Missed',
    of: ({ missed }) => missed,
  },
  declined: {
    unit: 'count',
    name: 'Declined',
    of: ({ declined }) => declined,
  },
  answerRate: {
    unit: 'rate',
    name: 'Answer rate',
    of: ({ handled, offered }) => ratio(handled, offered),
  },
  outgoing: {
    unit: 'count',
    name: 'Outgoing',
    of: ({ outgoing }) => outgoing,
  },
  internal: {
    unit: 'count',
    name: 'Internal',
    of: ({ internal }) => internal,
  },
  external: {
    unit: 'count',
    name: 'External',
    of: ({ external }) => external,
  },
  transferred: {
    unit: 'count',
    name: 'Passed on',
    of: ({ transferred }) => transferred,
  },
  talkMs: {
    unit: 'ms',
    name: 'Talk time',
    of: ({ talkMs }) => talkMs,
  },
  holdMs: {
    unit: 'ms',
    name: 'Hold time',
    of: ({ holdMs }) => holdMs,
  },
  averageHandleMs: {
    unit: 'ms',
    name: 'Average handle time',
    of: ({ talkMs, holdMs, talked }) => ratio(talkMs + holdMs, talked),
  },
  averageAnswerMs: {
    unit: 'ms',
    name: 'Average speed of answer',
    of: ({ rungMs, rung }) => ratio(rungMs, rung),
  },
  longestMs: {
    unit: 'ms',
    name: 'Longest call',
    of: ({ longestMs }) => longestMs,
  },
  callsPerHour: {
    unit: 'perHour',
    name: 'Calls per hour',
    of: ({ handled, outgoing }, hours) => ratio(handled + outgoing, hours),
  },
  loggedInMs: {
    unit: 'ms',
    name: 'Logged in',
    of: ({ loggedInMs }) => loggedInMs,
  },
  occupancy: {
    unit: 'rate',
    name: 'Occupancy',
    of: ({ busyThereMs, loggedInMs }) => ratio(busyThereMs, loggedInMs),
  },
} as const satisfies Record<string, Figure>;

export type FigureName = keyof typeof FIGURES;
export type Figures = { readonly [name in FigureName]: number | null };

export const FIGURE_NAMES = Object.keys(FIGURES) as readonly FigureName[];

/** All figures of these sums. PURE. */
export const figuresOf = (sums: Sums, hours: number): Figures =>
  Object.fromEntries(FIGURE_NAMES.map((name) => [name, FIGURES[name].of(sums, hours)])) as Figures;
