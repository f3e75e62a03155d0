import { GUESSING_WINDOW_MS, LOCKS_FORGOTTEN_MS, LONGEST_LOCK_MS, terminalId } from '@perch/shared';
import { expect, test } from 'vitest';
import {
  isForgotten,
  NO_PIN_GUESSES,
  type PinGuesses,
  pinsLockedUntil,
  withWrongPin,
  wrongPinsAt,
  wrongPinsLeft,
} from './pin-guesses.ts';

const LIMIT = 10;
const MINUTE = 60_000;
const DAY = LOCKS_FORGOTTEN_MS;
const START = Date.UTC(2026, 0, 1);
const [desk, otherDesk] = [terminalId('desk'), terminalId('other desk')];

const withWrong = (guesses: PinGuesses, at: number, station = desk): PinGuesses =>
  withWrongPin(guesses, LIMIT, { at, station });

/** As many wrong PINs as lock, all at once. */
function filled(guesses: PinGuesses, now: number): PinGuesses {
  let after = guesses;
  for (let n = 0; n < LIMIT; n += 1) after = withWrong(after, now);
  return after;
}

test('the tenth wrong PIN locks; until then, each leaves one less', () => {
  let guesses = NO_PIN_GUESSES;
  for (let left = LIMIT; left > 0; left -= 1) {
    expect([wrongPinsLeft(guesses, LIMIT, START), pinsLockedUntil(guesses, START)]).toEqual([
      left,
      undefined,
    ]);
    guesses = withWrong(guesses, START);
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
  for (let n = 0; n < LIMIT; n += 1) guesses = withWrong(guesses, START + n * 2 * GUESSING_WINDOW_MS);
  expect(guesses.lockedUntil).toBeGreaterThan(START);
  const early = withWrong(NO_PIN_GUESSES, START);
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
  const one = withWrong(NO_PIN_GUESSES, START);
  expect([isForgotten(one, START + DAY - 1), isForgotten(one, START + DAY)]).toEqual([false, true]);
  const locked = filled(NO_PIN_GUESSES, START);
  const day = locked.lockedUntil + DAY;
  expect([isForgotten(locked, day - 1), isForgotten(locked, day)]).toEqual([false, true]);
});

test('it is known how many were wrong at a station in the last day, since the last lock', () => {
  const guesses = withWrong(withWrong(withWrong(NO_PIN_GUESSES, START), START + 1, otherDesk), START + 2);
  const of = (now: number) => [desk, otherDesk].map((station) => wrongPinsAt(station, guesses, now));
  expect([of(START + 2), of(START + DAY), of(START + DAY + 2)]).toEqual([
    [2, 1],
    [1, 1],
    [0, 0],
  ]);
  expect(wrongPinsAt(desk, filled(NO_PIN_GUESSES, START), START)).toBe(0);
});

test('a clock that was a year ahead, and is right again, leaves no lock of a year, and nothing that counts for one', () => {
  const ahead = START + 365 * DAY;
  const locked = withWrong(filled(NO_PIN_GUESSES, ahead), ahead);
  expect([pinsLockedUntil(locked, START), wrongPinsLeft(locked, LIMIT, START)]).toEqual([undefined, LIMIT]);
  expect(filled(locked, START).lockedUntil).toBe(START + GUESSING_WINDOW_MS);
  expect(isForgotten(locked, START)).toBe(true);
  const longest = { ...NO_PIN_GUESSES, lockedUntil: START + LONGEST_LOCK_MS };
  expect(pinsLockedUntil(longest, START)).toBe(longest.lockedUntil);
});
