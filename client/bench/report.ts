import type { FirstLoad } from './first-load.ts';
import type { InTheHand } from './in-the-hand.ts';

/** What was measured of the pages of one server. */
export interface PageFigures {
  readonly firstLoads: readonly FirstLoad[];
  readonly inTheHand: InTheHand | undefined;
}

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

/** A table for people. */
export function toTable({ firstLoads, inTheHand }: PageFigures): string {
  const line = (title: string, ...cells: readonly string[]): string =>
    (title.padEnd(40) + cells.map((each) => each.padStart(14)).join('')).trimEnd();
  const figure = (value: number | undefined, digits = 0): string =>
    value === undefined ? '–' : value.toFixed(digits);
  const rows = firstLoads.map(({ name, scores, timings, scriptKiB, failed }) =>
    [
      line(
        name,
        figure(scores.performance),
        figure(scores.accessibility),
        figure(scores['best-practices']),
        figure(scores.seo),
        figure(timings.fcp),
        figure(timings.lcp),
        figure(timings.tbt),
        figure(timings.cls, 3),
        figure(scriptKiB),
      ),
      ...failed.map((audit) => `  ${audit}`),
    ].join('\n'),
  );
  const hand = HAND.map(([title, key]) => {
    const values = inTheHand?.[key] ?? [];
    return line(title, figure(quantile(values, 0.5)), figure(quantile(values, 0.95)));
  });
  return [
    ...(firstLoads.length > 0 ? [line('', ...COLUMNS), ...rows] : []),
    ...(inTheHand ? [line('', 'median', 'p95'), ...hand] : []),
  ].join('\n');
}

/** The value below which that share of them lies; `undefined` of nothing. */
function quantile(values: readonly number[], share: number): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
}
