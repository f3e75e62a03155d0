import { GUESSING_WINDOW_MS, LOCKS_FORGOTTEN_MS, LONGEST_LOCK_MS } from '@perch/shared';

export interface WrongPin {
  /** Milliseconds since 1970-01-01 UTC, as all instants here. */
  readonly at: number;
}

/** The wrong PINs of one place where PINs are entered. */
export interface PinGuesses<Wrong extends WrongPin = WrongPin> {
  /** Those of the last day that have not become a lock, oldest first. */
  readonly wrong: readonly Wrong[];
  /** How often it was locked, each time within a day of the lock before. */
  readonly locks: number;
  /** When the last lock ends or has ended; 0 where there was none. */
  readonly lockedUntil: number;
}

export const NO_PIN_GUESSES: PinGuesses<never> = { wrong: [], locks: 0, lockedUntil: 0 };

/** Is there nothing to be remembered? */
export const hasNoPinGuesses = ({ wrong, locks }: PinGuesses): boolean => wrong.length === 0 && locks === 0;

/**
 * Those that still count: each does for a day, so that guessing slowly is counted like guessing fast. One that lies a day ahead was noted by a clock
 * that has been set back since.
 */
export const countingPins = <Wrong extends WrongPin>(
  { wrong }: PinGuesses<Wrong>,
  now: number,
): readonly Wrong[] => wrong.filter(({ at }) => Math.abs(now - at) < LOCKS_FORGOTTEN_MS);

/** When the last lock ends; none that is in force can last longer than the longest, unless the clock has been set back since. */
const lastLockEnd = ({ lockedUntil }: PinGuesses, now: number): number =>
  lockedUntil > now + LONGEST_LOCK_MS ? 0 : lockedUntil;

/** Until when no PIN is taken there; `undefined` where one is. */
export function pinsLockedUntil(guesses: PinGuesses, now: number): number | undefined {
  const end = lastLockEnd(guesses, now);
  return now < end ? end : undefined;
}

/** How many more wrong ones it takes until it is locked. */
export const wrongPinsLeft = (guesses: PinGuesses, limit: number, now: number): number =>
  pinsLockedUntil(guesses, now) === undefined ? limit - countingPins(guesses, now).length : 0;

/** With one more wrong PIN, of this instant. The last one that is allowed becomes a lock, twice as long as one that has ended within the last day. PURE. */
export function withWrongPin<Wrong extends WrongPin>(
  guesses: PinGuesses<Wrong>,
  limit: number,
  wrongPin: Wrong,
): PinGuesses<Wrong> {
  const now = wrongPin.at;
  const wrong = [...countingPins(guesses, now), wrongPin];
  if (wrong.length < limit) return { ...guesses, wrong };
  const locks = now < lastLockEnd(guesses, now) + LOCKS_FORGOTTEN_MS ? guesses.locks + 1 : 1;
  const ms = Math.min(GUESSING_WINDOW_MS * 2 ** (locks - 1), LONGEST_LOCK_MS);
  return { wrong: [], locks, lockedUntil: now + ms };
}

/** Does it no longer make a difference? */
export const isForgotten = (guesses: PinGuesses, now: number): boolean =>
  countingPins(guesses, now).length === 0 && now >= lastLockEnd(guesses, now) + LOCKS_FORGOTTEN_MS;
