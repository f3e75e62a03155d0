import { minimised } from './minimise.ts';
import type { Step } from './script.ts';
import { type Outcome, PHONES, scriptFor, simulate } from './simulation.ts';

/** What many seeds have shown. */
export interface Report {
  readonly from: number;
  readonly seeds: number;
  readonly hours: number;
  readonly failed: readonly Failure[];
  readonly phoneHours: number;
  /** Simulated hours of one phone in a minute of processor time. */
  readonly phoneHoursAMinute: number;
  /** How often each thing was reached. */
  readonly reached: Readonly<Record<string, number>>;
}

interface Failure {
  readonly seed: number;
  readonly fault: string;
  /** The steps without which it does not fail. */
  readonly script: readonly Step[];
}

/** A rule as it was broken, without what differs from run to run. */
const kindOf = ({ faults }: Outcome): string => (faults[0] ?? '').replace(/[0-9a-f-]{20,}|\d+|\{.*/g, '');

async function failureOf(outcome: Outcome, hours: number): Promise<Failure> {
  const { seed } = outcome;
  const kind = kindOf(outcome);
  const script = await minimised(
    scriptFor(seed, hours),
    async (steps) => kindOf(await simulate({ seed, hours, script: steps })) === kind,
  );
  return { seed, fault: outcome.faults[0] ?? '', script };
}

/** Runs that many seeds one after the other; `done` hears of each. */
export async function reportOn(
  { from, seeds, hours }: { readonly from: number; readonly seeds: number; readonly hours: number },
  done: (outcome: Outcome) => void,
): Promise<Report> {
  const failed: Failure[] = [];
  const reached: Record<string, number> = {};
  let spent = 0;
  for (let seed = from; seed < from + seeds; seed++) {
    const before = process.cpuUsage();
    const outcome = await simulate({ seed, hours });
    const { user, system } = process.cpuUsage(before);
    spent += (user + system) / 60_000_000;
    for (const [what, count] of outcome.reached) reached[what] = (reached[what] ?? 0) + count;
    if (outcome.faults.length > 0) failed.push(await failureOf(outcome, hours));
    done(outcome);
  }
  const phoneHours = PHONES * hours * seeds;
  return {
    from,
    seeds,
    hours,
    failed,
    phoneHours,
    phoneHoursAMinute: Math.round(phoneHours / spent),
    reached,
  };
}

/** The report as it is printed, with the steps of what has failed. */
export const textOf = (report: Report): string =>
  [
    ...report.failed.flatMap(({ seed, fault, script }) => [
      `seed ${String(seed)}: ${fault}`,
      ...script.map((step) => `  ${JSON.stringify(step)}`),
    ]),
    ...sumsOf(report),
    ...countsOf(report).map(([what, count]) => `${String(count).padStart(9)} ${what}`),
  ].join('\n');

/** Its sums in Markdown. */
export const linesOf = (report: Report): string =>
  [
    ...sumsOf(report).map((line) => `* ${line}`),
    ...report.failed.map(({ seed, fault }) => `* seed ${String(seed)} failed: ${fault}`),
    `* reached: ${countsOf(report)
      .map(([what, count]) => `${what} ${String(count)}`)
      .join(', ')}`,
  ].join('\n');

const sumsOf = ({ from, seeds, hours, failed, phoneHours, phoneHoursAMinute }: Report): readonly string[] => [
  `${String(seeds)} seeds from ${String(from)}, ${String(hours)} simulated hours each: ${String(failed.length)} failed`,
  `${String(phoneHours)} phone-hours, ${String(phoneHoursAMinute)} in a minute of one core`,
];

const countsOf = ({ reached }: Report): readonly (readonly [string, number])[] =>
  Object.entries(reached).sort(([one], [other]) => (one < other ? -1 : 1));
