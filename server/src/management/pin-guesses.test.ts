import { GUESSING_WINDOW_MS, LOCKS_FORGOTTEN_MS, LONGEST_LOCK_MS } from '@perch/shared';
import { expect, test } from 'vitest';
import {
  isForgotten,
  NO_PIN_GUESSES,
  type PinGuesses,
  pinsLockedUntil,
  withWrongPin,
  wrongPinsLeft,
} from './pin-guesses.ts';

const LIMIT = 10;
const MINUTE = 60_000;
const DAY = LOCKS_FORGOTTEN_MS;
const START = Date.UTC(2026, 0, 1);

/** As many wrong PINs as lock, all at once. */
function filled(guesses: PinGuesses, now: number): PinGuesses {
  let after = guesses;
  for (let n = 0; n < LIMIT; n += 1) after = withWrongPin(after, LIMIT, now);
  return after;
}

test('the tenth wrong PIN locks; until then, each leaves one less', () => {
  let guesses = NO_PIN_GUESSES;
  for (let left = LIMIT; left > 0; left -= 1) {
    expect([wrongPinsLeft(guesses, LIMIT, START), pinsLockedUntil(guesses, START)]).toEqual([
      left,
      undefined,
    ]);
    guesses = withWrongPin(guesses, LIMIT, START);
  }
  const end = START + GUESSING_WINDOW_MS;
  expect([wrongPinsLeft(guesses, LIMIT, START), pinsLockedUntil(guesses, START)]).toEqual([0, end]);
  expect([pinsLockedUntil(guesses, end - 1), pinsLockedUntil(guesses, end)]).toEqual([end, undefined]);
  expect(wrongPinsLeft(guesses, LIMIT, end)).toBe(LIMIT);
});

test('each lock that follows another within a day is twice as long, up to the longest', () => {
  let [guesses, now] = [NO_PIN_GUESSES, START];
  const lengths: number[] = [];
  for (let n = 0; n < 7; n += 1) {
    guesses = filled(guesses, now);
    lengths.push((guesses.lockedUntil - now) / MINUTE);
    now = guesses.lockedUntil;
  }
  expect(lengths).toEqual([15, 30, 60, 120, 240, 480, 480]);
  expect(LONGEST_LOCK_MS).toBe(480 * MINUTE);
});

test('a day after a lock has ended, the next is as short as the first; an instant before, it is not', () => {
  const once = filled(NO_PIN_GUESSES, START);
  const day = once.lockedUntil + DAY;
  expect(filled(once, day).lockedUntil - day).toBe(GUESSING_WINDOW_MS);
  expect(filled(once, day - 1).lockedUntil - (day - 1)).toBe(2 * GUESSING_WINDOW_MS);
});

test('somebody who guesses slowly is locked out, too: a wrong one counts for a day', () => {
  let guesses = NO_PIN_GUESSES;
  // Never ten in a quarter of an hour.
  for (let n = 0; n < LIMIT; n += 1)
    guesses = withWrongPin(guesses, LIMIT, START + n * 2 * GUESSING_WINDOW_MS);
  expect(guesses.lockedUntil).toBeGreaterThan(START);
  const early = withWrongPin(NO_PIN_GUESSES, LIMIT, START);
  expect(wrongPinsLeft(early, LIMIT, START + DAY - 1)).toBe(LIMIT - 1);
  expect(wrongPinsLeft(early, LIMIT, START + DAY)).toBe(LIMIT);
});

test('a year of guessing without a pause at one station tries a small part of the PINs of four digits', () => {
  let [guesses, now, tried] = [NO_PIN_GUESSES, START, 0];
  while (now < START + 365 * DAY) {
    guesses = filled(guesses, now);
    tried += LIMIT;
    now = guesses.lockedUntil;
  }
  expect(tried / 365).toBeLessThan(31);
});

test('it is forgotten once neither a wrong one nor a lock makes a difference', () => {
  expect(isForgotten(NO_PIN_GUESSES, START)).toBe(true);
  const one = withWrongPin(NO_PIN_GUESSES, LIMIT, START);
  expect([isForgotten(one, START + DAY - 1), isForgotten(one, START + DAY)]).toEqual([false, true]);
  const locked = filled(NO_PIN_GUESSES, START);
  const day = locked.lockedUntil + DAY;
  expect([isForgotten(locked, day - 1), isForgotten(locked, day)]).toEqual([false, true]);
});
