import { GUESSING_WINDOW_MS, LOCKS_FORGOTTEN_MS, LONGEST_LOCK_MS } from '@perch/shared';

/** The wrong PINs at one station, or at all of an organization. Instants are milliseconds since 1970-01-01 UTC. */
export interface PinGuesses {
  /** Those of the last day that have not become a lock, oldest first. */
  readonly wrong: readonly number[];
  /** How often it was locked, each time within a day of the lock before. */
  readonly locks: number;
  /** When the last lock ends or has ended; 0 where there was none. */
  readonly lockedUntil: number;
}

export const NO_PIN_GUESSES: PinGuesses = { wrong: [], locks: 0, lockedUntil: 0 };

/** Those that still count: each does for a day, so that guessing slowly is counted like guessing fast. */
const counting = ({ wrong }: PinGuesses, now: number): readonly number[] =>
  wrong.filter((at) => now < at + LOCKS_FORGOTTEN_MS);

/** Until when no PIN is taken there; `undefined` where one is. */
export const pinsLockedUntil = ({ lockedUntil }: PinGuesses, now: number): number | undefined =>
  now < lockedUntil ? lockedUntil : undefined;

/** How many more wrong ones it takes until it is locked. */
export const wrongPinsLeft = (guesses: PinGuesses, limit: number, now: number): number =>
  pinsLockedUntil(guesses, now) === undefined ? limit - counting(guesses, now).length : 0;

/** With one more wrong PIN. The last one that is allowed becomes a lock, twice as long as one that has ended within the last day. PURE. */
export function withWrongPin(guesses: PinGuesses, limit: number, now: number): PinGuesses {
  const wrong = [...counting(guesses, now), now];
  if (wrong.length < limit) return { ...guesses, wrong };
  const locks = now < guesses.lockedUntil + LOCKS_FORGOTTEN_MS ? guesses.locks + 1 : 1;
  const ms = Math.min(GUESSING_WINDOW_MS * 2 ** (locks - 1), LONGEST_LOCK_MS);
  return { wrong: [], locks, lockedUntil: now + ms };
}

/** Does it no longer make a difference? */
export const isForgotten = (guesses: PinGuesses, now: number): boolean =>
  counting(guesses, now).length === 0 && now >= guesses.lockedUntil + LOCKS_FORGOTTEN_MS;
