/** How many messages a connection may send once we know whose it is. */
export interface Rate {
  readonly perSecond: number;
  /** What a peer may say at once that has been silent; and by how much it may overdraw before it is cut off. */
  readonly burst: number;
}

/**
 * What a connection has said is an instant: up to when that is paid for at its rate (milliseconds, monotonic; whatever is past is as good as
 * 0). It is a bucket of tokens that refills with time, in one number, because every connection has some.
 * @returns that instant after one more message.
 */
export const paidUntil = ({ perSecond }: Rate, before: number, now: number): number =>
  Math.max(before, now) + 1000 / perSecond;

/** `overdrawn`: new work is to be put off; `spent`: nobody needs to listen any longer. */
export function standing(
  { perSecond, burst }: Rate,
  paid: number,
  now: number,
): 'kept' | 'overdrawn' | 'spent' {
  // Sums of fractions are not exact.
  const ahead = Math.round(((paid - now) * perSecond) / 1000);
  if (ahead <= burst) return 'kept';
  return ahead <= 2 * burst ? 'overdrawn' : 'spent';
}
