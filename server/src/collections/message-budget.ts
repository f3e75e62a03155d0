/** How many messages a connection may send once it has authenticated. */
export interface Rate {
  readonly perSecond: number;
  /** How many a silent peer may send at once, and how many more it may overdraw before it is cut off. */
  readonly burst: number;
}

/**
 * What a connection has sent, as the instant until which it is paid for at its rate (milliseconds, monotonic; the past counts as
 * 0). It is a token bucket that refills with time, in a single number because every connection has several.
 * @returns that instant after one more message.
 */
export const paidUntil = ({ perSecond }: Rate, before: number, now: number): number =>
  Math.max(before, now) + 1000 / perSecond;

/** `overdrawn`: new work is to be put off; `spent`: the peer is to be cut off. */
export type Standing = 'kept' | 'overdrawn' | 'spent';

export function standing({ perSecond, burst }: Rate, paid: number, now: number): Standing {
  // Sums of fractions are not exact.
  const ahead = Math.round(((paid - now) * perSecond) / 1000);
  if (ahead <= burst) return 'kept';
  return ahead <= 2 * burst ? 'overdrawn' : 'spent';
}
