import type { FirstLoad } from './first-load.ts';
import type { FloorTimes } from './floor.ts';
import type { InTheHand } from './in-the-hand.ts';

const COLUMNS = [
  'performance',
  'accessibility',
  'best pract.',
  'SEO',
  'FCP ms',
  'LCP ms',
  'TBT ms',
  'CLS',
  'script KiB',
] as const;

const HAND = [
  ['ms from Call to the card of the call', 'keyToCard'],
  ["ms from Call to the other side's ring", 'keyToRing'],
  ['ms from Answer to sound at the caller', 'answerToSound'],
] as const;

/** The lines of a table for people, one as soon as it is known. */
export const FIRST_LOAD_HEAD = lineOf('', ...COLUMNS);

/** A line of that table, and below it the audits that were not passed. */
export function toLines({ name, scores, timings, scriptKiB, failed }: FirstLoad): string {
  const cells = [
    figureOf(scores.performance),
    figureOf(scores.accessibility),
    figureOf(scores['best-practices']),
    figureOf(scores.seo),
    figureOf(timings.fcp),
    figureOf(timings.lcp),
    figureOf(timings.tbt),
    figureOf(timings.cls, 3),
    figureOf(scriptKiB),
  ];
  return [lineOf(name, ...cells), ...failed.map((audit) => `  ${audit}`)].join('\n');
}

export function toHandTable(times: InTheHand): string {
  const rows = HAND.map(([title, key]) =>
    lineOf(title, figureOf(quantile(times[key], 0.5)), figureOf(quantile(times[key], 0.95))),
  );
  return [lineOf('', 'median', 'p95'), ...rows].join('\n');
}

export function toFloorTable({ loaded, shown, changes, bursts }: FloorTimes): string {
  const row = (title: string, all: readonly number[]): string =>
    lineOf(title, ...[0.5, 0.95, 0.99].map((share) => figureOf(quantile(all, share))));
  return [
    lineOf('500 stations, page slowed down 4 times', 'median', 'p95', 'p99'),
    row('ms from its arrival to a change', shown),
    row('ms from asking for it to a change', changes),
    row('ms from asking to 20 changes at once', bursts),
    row('ms until all cards are there', [loaded]),
  ].join('\n');
}

function lineOf(title: string, ...cells: readonly string[]): string {
  return (title.padEnd(40) + cells.map((each) => each.padStart(14)).join('')).trimEnd();
}

const figureOf = (value: number | undefined, digits = 0): string =>
  value === undefined ? '–' : value.toFixed(digits);

/** The value below which that share of them lies; `undefined` of nothing. */
function quantile(values: readonly number[], share: number): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
}
