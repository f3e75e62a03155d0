const MINUTE_MS = 60_000;
const LONGEST_MS = 4 * 60 * MINUTE_MS;

/**
 * How long to wait after a number of failed attempts, from 1: a minute, then twice as long each time up to 4 hours.
 * @param chance from 0 to 1; a quarter more or less, so that what failed together is not tried together.
 */
export const backOff = (attempts: number, chance: number): number =>
  Math.round(Math.min(MINUTE_MS * 2 ** (attempts - 1), LONGEST_MS) * (0.75 + chance / 2));
