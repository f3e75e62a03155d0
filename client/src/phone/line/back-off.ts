/** The first pause before trying again, in milliseconds; each further one is twice as long. */
const FIRST_MS = 1_000;
const LONGEST_MS = 30_000;

/**
 * How long to wait before attempt `attempt + 1`, in milliseconds. `chance` (0 to 1) spreads phones that lost the same
 * server over the upper half of the pause (RFC 5626 §4.5).
 */
export function pauseAfter(attempt: number, chance: number): number {
  const pause = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 10));
  return Math.round(pause * (0.5 + chance / 2));
}
