import * as z from 'zod/mini';
import { party } from './terminal-view.ts';

/** Milliseconds since 1970-01-01 UTC, by the server's clock. */
const instant = z.int();

/** How long a wrong code counts, and how long too many of them lock the first time (milliseconds); each time again, twice as long. */
export const GUESSING_WINDOW_MS = 15 * 60_000;
/** The longest that a lock can become (milliseconds). */
export const LONGEST_LOCK_MS = 8 * 60 * 60_000;
/** After so long without a wrong code, the next lock is as short as the first one (milliseconds). */
export const LOCKS_FORGOTTEN_MS = 24 * 60 * 60_000;
/** Wrong codes for one extension, from any terminals, until moves of it are refused. */
export const WRONG_PER_EXTENSION = 5;
/** Wrong codes at one terminal, for any numbers, until moves onto it are refused. */
export const WRONG_PER_TERMINAL = 10;

/** Wrong PINs of the stations, at any of them, in a day, until none is taken in the whole organization; at one station, as many as wrong codes. */
export const WRONG_PINS_PER_ORGANIZATION = 30;

/** Wrong secret codes, as far as they count at this moment. */
export const guessing = z.object({
  /** When those were entered that were meant for the extension, at any terminal. */
  wrongAt: z.array(instant),
  /** Until when the extension cannot be moved because of them; `null` where it can. */
  lockedUntil: z.nullable(instant),
  /** The same for its home terminal: until when no extension can be moved onto it. */
  terminalLockedUntil: z.nullable(instant),
});
export type Guessing = z.infer<typeof guessing>;

/** Somebody has asked for the extension by its number, or an owner or administrator has lifted its lock. */
export const moveAttempt = z.object({
  at: instant,
  /** Whose terminal it was; `null` where it was none, or its owner is gone. */
  desk: z.nullable(party),
  /** `left`: the visit ended without a code, or after three wrong ones. */
  result: z.enum(['moved', 'wrong-code', 'locked-out', 'not-allowed', 'left', 'lock-lifted']),
});
export type MoveAttempt = z.infer<typeof moveAttempt>;

/** What the owner of a phone sees and sets there: *Phone Terminal Setup* on the page of their own phone. */
export const ownSetup = z.object({
  hasSecretCode: z.boolean(),
  guessing,
  /** The latest first. */
  attempts: z.array(moveAttempt),
});
export type OwnSetup = z.infer<typeof ownSetup>;
