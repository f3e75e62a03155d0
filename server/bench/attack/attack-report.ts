import { tableOf } from '../../figures/figures.ts';
import { percentiles } from '../generator/rate.ts';
import type { Percentiles, Seen } from '../load.ts';
import { STOP, type StopFigures, stopSentence } from './stop-report.ts';
import type { Counts } from './attack.ts';
import type { Attacked } from './attacker.ts';

/** What ordinary phones saw, turn by turn, and what the server used of its core meanwhile. */
export interface SeenWhile extends Pick<Seen, 'failures'> {
  readonly turns: readonly Pick<Seen, 'setups' | 'registrations'>[];
  readonly cores: number;
}

export interface Memory {
  readonly rssMB: number;
  readonly heapMB: number;
}

/** One attack, and what it did. */
export interface AttackFigures {
  readonly name: string;
  readonly what: string;
  readonly attacked: Attacked;
  /** Its first seconds; not where it takes long to begin. */
  readonly first?: SeenWhile;
  readonly quiet: SeenWhile;
  readonly during: SeenWhile;
  /** `before` and `after` with garbage collected. */
  readonly memory: { readonly before: Memory; readonly highest: Memory; readonly after: Memory };
  /** How long it took until nothing was left of it, or what still was when nobody waited any longer. */
  readonly settling: { readonly seconds: number; readonly left: Counts };
  /** Mistakes of the server's own. */
  readonly failures: number;
}

/** How long an attack goes on first: until V8 has optimized what it makes the server do, for which another thread takes the core again and again. */
export const FIRST_SECONDS = 3;
/** How many times as long the slowest calls of others may take during an attack. */
const BOUND = 2;

/** What an attacker has done in several turns. */
export const joined = (turns: readonly Attacked[]): Attacked => ({
  sent: sum(turns.map(({ sent }) => sent)),
  got: sum(turns.map(({ got }) => got)),
  seconds: turns.reduce((total, { seconds }) => total + seconds, 0),
});

function sum(counts: readonly Counts[]): Counts {
  const total: Record<string, number> = {};
  for (const each of counts)
    for (const [name, count] of Object.entries(each)) total[name] = (total[name] ?? 0) + count;
  return total;
}

/** The figures of an attack as they are shown, derived from what was measured. */
interface Derived {
  readonly setupQuiet: Percentiles;
  readonly setupDuring: Percentiles;
  readonly setupFirst: Percentiles | undefined;
  /** Of the p99s, each the median of the turns; above 1 is slower. */
  readonly ratio: number;
  readonly registrationQuiet: Percentiles;
  readonly registrationDuring: Percentiles;
  /** The share of calls and registrations that failed while the attack went on. */
  readonly failed: number;
}

/** Of each percentile, the one of the turn in the middle. */
function middle({ turns }: SeenWhile, what: 'setups' | 'registrations'): Percentiles {
  const each = turns.map((turn) => percentiles(turn[what]));
  const median = (values: readonly number[]): number => percentiles(values).p50;
  return { p50: median(each.map(({ p50 }) => p50)), p99: median(each.map(({ p99 }) => p99)) };
}

export function derived({ first, quiet, during }: AttackFigures): Derived {
  const [setupQuiet, setupDuring] = [middle(quiet, 'setups'), middle(during, 'setups')];
  const attempts = [...(first?.turns ?? []), ...during.turns].flatMap(({ setups, registrations }) => [
    ...setups,
    ...registrations,
  ]);
  return {
    setupQuiet,
    setupDuring,
    setupFirst: first && middle(first, 'setups'),
    ratio: setupDuring.p99 / setupQuiet.p99,
    registrationQuiet: middle(quiet, 'registrations'),
    registrationDuring: middle(during, 'registrations'),
    failed: attempts.filter((ms) => ms === Infinity).length / attempts.length,
  };
}

/** What an attack did beyond what it may, as sentences. */
export function excesses(figures: AttackFigures): readonly string[] {
  const { ratio, failed, setupQuiet } = derived(figures);
  const { settling, failures } = figures;
  return [
    ...(Number.isFinite(setupQuiet.p99) ? [] : ['calls of others fail also without it: nothing is shown']),
    ...(ratio <= BOUND ? [] : [`the slowest calls of others: p99 × ${times(ratio)}`]),
    ...(failed === 0 ? [] : [`${(failed * 100).toFixed(1)} % of what others do fails`]),
    ...(Object.keys(settling.left).length === 0 ? [] : [`of it is left: ${counted(settling.left)}`]),
    ...(failures === 0 ? [] : [`mistakes of the server's own: ${String(failures)}`]),
  ].map((excess) => `${figures.name}: ${excess}`);
}

const grouped = (value: number): string => Math.round(value).toLocaleString('en');
const ms = (value: number): string => (Number.isFinite(value) ? value.toFixed(1) : 'failed');
const times = (value: number): string => (Number.isFinite(value) ? value.toFixed(2) : 'failed');
const both = ({ p50, p99 }: Percentiles): string => `${ms(p50)} / ${ms(p99)}`;
const begun = ({ setupFirst }: Derived): string => (setupFirst ? both(setupFirst) : 'not measured');
const counted = (counts: Counts, per = 1): string =>
  Object.entries(counts)
    .toSorted(([, a], [, b]) => b - a)
    .map(([name, count]) => `${grouped(count / per)} × ${name}`)
    .join(', ') || 'nothing';
const memory = ({ before, highest, after }: AttackFigures['memory'], of: keyof Memory): string =>
  [before, highest, after].map((each) => grouped(each[of])).join(' / ');
const settled = ({ settling: { seconds, left } }: AttackFigures): string =>
  Object.keys(left).length === 0
    ? `${seconds.toFixed(0)} s`
    : `after ${seconds.toFixed(0)} s: ${counted(left)}`;

/** For people at a terminal. */
export function toText(figures: AttackFigures): string {
  const { attacked, first, quiet, during, failures } = figures;
  const seen = derived(figures);
  const troubles = [...new Set([first, quiet, during].flatMap((each) => each?.failures ?? []))];
  return [
    `${figures.name}: ${figures.what}`,
    `  sent in ${attacked.seconds.toFixed(1)} s: ${counted(attacked.sent)} (a second: ${counted(attacked.sent, attacked.seconds)})`,
    `  answered: ${counted(attacked.got)}`,
    `  others' calls, ms until up, p50 / p99: ${both(seen.setupQuiet)} without, ${both(seen.setupDuring)} during; p99 × ${times(seen.ratio)}`,
    `  in the first seconds of the attack: ${begun(seen)}`,
    `  others' registrations, ms, p50 / p99: ${both(seen.registrationQuiet)} without, ${both(seen.registrationDuring)} during`,
    `  failed: ${(seen.failed * 100).toFixed(1)} %${troubles.length > 0 ? ` (${troubles.join('; ')})` : ''}`,
    `  server: ${quiet.cores.toFixed(2)} cores without, ${during.cores.toFixed(2)} during; failures of its own: ${String(failures)}`,
    `  MB before / highest / after: RSS ${memory(figures.memory, 'rssMB')}, heap ${memory(figures.memory, 'heapMB')}`,
    `  nothing left of it: ${settled(figures)}`,
  ].join('\n');
}

const EFFECTS = [
  'Attack',
  'Sent a second',
  'Others’ calls without it: ms until up, p50 / p99',
  `In its first ${FIRST_SECONDS} s`,
  'Later',
  'p99 ×',
  'Others’ failed',
];
const SERVERS = [
  'Attack',
  'What it was answered',
  'Cores without / during',
  'RSS before / highest / after, MB',
  'Heap, MB',
  'Nothing left after',
];

/** For documents. */
export function toMarkdown(all: readonly AttackFigures[], stop?: StopFigures): string {
  const effects = all.map((figures) => {
    const seen = derived(figures);
    return [
      `\`${figures.name}\``,
      counted(figures.attacked.sent, figures.attacked.seconds),
      both(seen.setupQuiet),
      begun(seen),
      both(seen.setupDuring),
      times(seen.ratio),
      `${(seen.failed * 100).toFixed(1)} %`,
    ];
  });
  const servers = all.map((figures) => [
    `\`${figures.name}\``,
    counted(figures.attacked.got),
    `${figures.quiet.cores.toFixed(2)} / ${figures.during.cores.toFixed(2)}`,
    memory(figures.memory, 'rssMB'),
    memory(figures.memory, 'heapMB'),
    settled(figures),
  ]);
  const sentence = stop === undefined ? [] : [`\`${STOP}\`: ${stopSentence(stop)}.`];
  return [tableOf([EFFECTS, ...effects]), tableOf([SERVERS, ...servers]), ...sentence].join('\n\n');
}

/** One line for scripts. */
export function toJson(all: readonly AttackFigures[], stop?: StopFigures): string {
  const said = (value: number): number | null => (Number.isFinite(value) ? Number(value.toFixed(3)) : null);
  const percentilesOf = ({ p50, p99 }: Percentiles) => ({ p50: said(p50), p99: said(p99) });
  const memoryOf = ({ rssMB, heapMB }: Memory) => ({ rssMB: said(rssMB), heapMB: said(heapMB) });
  return JSON.stringify({
    ...(stop && { [STOP]: stop }),
    attacks: Object.fromEntries(
      all.map((figures) => {
        const { attacked, quiet, during, settling, failures } = figures;
        const seen = derived(figures);
        const { before, highest, after } = figures.memory;
        return [
          figures.name,
          {
            ...attacked,
            seconds: said(attacked.seconds),
            setupMs: {
              first: seen.setupFirst ? percentilesOf(seen.setupFirst) : null,
              without: percentilesOf(seen.setupQuiet),
              during: percentilesOf(seen.setupDuring),
            },
            ratio: said(seen.ratio),
            registrationMs: {
              without: percentilesOf(seen.registrationQuiet),
              during: percentilesOf(seen.registrationDuring),
            },
            failed: said(seen.failed),
            cores: { without: said(quiet.cores), during: said(during.cores) },
            memory: { before: memoryOf(before), highest: memoryOf(highest), after: memoryOf(after) },
            settling: { seconds: said(settling.seconds), left: settling.left },
            failures,
          },
        ];
      }),
    ),
  });
}
