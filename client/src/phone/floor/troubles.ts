import type { ExtensionView } from '@perch/shared';

/** From here on a clock is wrong enough to be seen on the screen, and to make links and codes run out (milliseconds). */
const CLOCK_MS = 60_000;

/** What is wrong with a phone, the worst first. `check`: its last check before a shift has not found it ready. */
export const TROUBLES = ['microphone-denied', 'microphone-missing', 'check', 'clock', 'old-page'] as const;
export type Trouble = (typeof TROUBLES)[number];

type Reported = Pick<ExtensionView, 'page' | 'lastCheck' | 'suspended'>;

/**
 * What somebody has to see to at a phone, so that it can be used. `version` is that of the management page, which is as new as the server. PURE.
 */
export function troublesOf({ page, lastCheck, suspended }: Reported, version: string): readonly Trouble[] {
  if (suspended) return [];
  const found: Readonly<Record<Trouble, boolean>> = {
    'microphone-denied': page?.microphone === 'denied',
    'microphone-missing': page?.microphone === 'missing',
    check: lastCheck?.verdict === 'not-ready',
    clock: page !== null && Math.abs(page.clockAhead) >= CLOCK_MS,
    'old-page': page !== null && page.version !== version,
  };
  return TROUBLES.filter((trouble) => found[trouble]);
}
