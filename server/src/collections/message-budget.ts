/** How many messages may come from somebody who has authenticated. */
export interface Rate {
  readonly perSecond: number;
  /** How many a silent peer may send at once. */
  readonly burst: number;
}

/** Octets that are one message: to read and to keep a longer one costs as much as several. */
const OCTETS = 1_024;

/** As how many messages one of that length counts. */
export const weightOf = (octets: number): number => Math.max(1, Math.ceil(octets / OCTETS));

/**
 * What a connection has sent, as the instant until which it is paid for at its rate (milliseconds, monotonic; the past counts as
 * 0). It is a token bucket that refills with time, in a single number because every connection has several.
 * @returns that instant after one more message, or one that counts as several.
 */
export const paidUntil = ({ perSecond }: Rate, before: number, now: number, weight = 1): number =>
  Math.max(before, now) + (weight * 1000) / perSecond;

/** How many messages the peer is ahead of its rate. Sums of fractions are not exact. */
const ahead = ({ perSecond }: Rate, paid: number, now: number): number =>
  Math.round(((paid - now) * perSecond) / 1000);

export const isWithin = (rate: Rate, paid: number, now: number): boolean =>
  ahead(rate, paid, now) <= rate.burst;

/** Of a burst, what a peer must have earned again before it is heard. */
const EARNED = 0.1;

/** Milliseconds in which a peer that is ahead of its rate is to say nothing; 0 for all others. */
export function restAt(rate: Rate, paid: number, now: number): number {
  const { perSecond, burst } = rate;
  if (isWithin(rate, paid, now)) return 0;
  return ((ahead(rate, paid, now) - (1 - EARNED) * burst) * 1000) / perSecond;
}
