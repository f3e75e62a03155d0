import { GUESSING_WINDOW_MS, LOCKS_FORGOTTEN_MS, LONGEST_LOCK_MS } from '@perch/shared';
import fc from 'fast-check';
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
const NONE: PinGuesses = NO_PIN_GUESSES;

const withWrong = (guesses: PinGuesses, at: number): PinGuesses => withWrongPin(guesses, LIMIT, { at });

/** As many wrong PINs as lock, all at once. */
function filled(guesses: PinGuesses, now: number): PinGuesses {
  let after = guesses;
  for (let n = 0; n < LIMIT; n += 1) after = withWrong(after, now);
  return after;
}

test('the tenth wrong PIN locks; until then, each leaves one less', () => {
  let guesses = NONE;
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
  let [guesses, now] = [NONE, START];
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
  let guesses = NONE;
  // Never ten in a quarter of an hour.
  for (let n = 0; n < LIMIT; n += 1) guesses = withWrong(guesses, START + n * 2 * GUESSING_WINDOW_MS);
  expect(guesses.lockedUntil).toBeGreaterThan(START);
  const early = withWrong(NO_PIN_GUESSES, START);
  expect(wrongPinsLeft(early, LIMIT, START + DAY - 1)).toBe(LIMIT - 1);
  expect(wrongPinsLeft(early, LIMIT, START + DAY)).toBe(LIMIT);
});

test('a year of guessing without a pause at one station tries a small part of the PINs of four digits', () => {
  let [guesses, now, tried] = [NONE, START, 0];
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

test('a clock that was a year ahead, and is right again, leaves no lock of a year, and nothing that counts for one', () => {
  const ahead = START + 365 * DAY;
  const locked = withWrong(filled(NO_PIN_GUESSES, ahead), ahead);
  expect([pinsLockedUntil(locked, START), wrongPinsLeft(locked, LIMIT, START)]).toEqual([undefined, LIMIT]);
  expect(filled(locked, START).lockedUntil).toBe(START + GUESSING_WINDOW_MS);
  expect(isForgotten(locked, START)).toBe(true);
  const longest = { ...NO_PIN_GUESSES, lockedUntil: START + LONGEST_LOCK_MS };
  expect(pinsLockedUntil(longest, START)).toBe(longest.lockedUntil);
});

/** How long somebody waits between two tries: mostly not at all, or until about when something ends. */
const wait = fc.oneof(
  fc.constant(0),
  fc.integer({ min: 1, max: 2 * GUESSING_WINDOW_MS }),
  fc.integer({ min: 1, max: DAY + MINUTE }),
);

test('however somebody waits between tries: no more than eight times the limit in a day, and no lock grows while it lasts', () => {
  fc.assert(
    fc.property(fc.array(wait, { minLength: 50, maxLength: 200 }), (waits) => {
      let [guesses, now] = [NONE, START];
      const tried: number[] = [];
      for (const ms of waits) {
        now += ms;
        const until = pinsLockedUntil(guesses, now);
        if (until !== undefined) {
          expect(until - now).toBeLessThanOrEqual(LONGEST_LOCK_MS);
          now = until;
          expect(wrongPinsLeft(guesses, LIMIT, now)).toBeGreaterThan(0);
        }
        const left = wrongPinsLeft(guesses, LIMIT, now);
        const next = withWrong(guesses, now);
        tried.push(now);
        expect(pinsLockedUntil(next, now) !== undefined).toBe(left === 1);
        if (left > 1) expect(wrongPinsLeft(next, LIMIT, now)).toBe(left - 1);
        guesses = next;
      }
      for (const [index, at] of tried.entries())
        expect((tried[index + 8 * LIMIT] ?? Infinity) - at).toBeGreaterThanOrEqual(DAY);
    }),
  );
});

test('what is forgotten makes no difference to anything that comes later', () => {
  fc.assert(
    fc.property(fc.array(wait, { maxLength: 40 }), fc.array(wait, { maxLength: 40 }), (before, after) => {
      let [guesses, now] = [NONE, START];
      for (const ms of before)
        guesses = withWrong(guesses, (now = (pinsLockedUntil(guesses, now) ?? now) + ms));
      for (; !isForgotten(guesses, now); now += GUESSING_WINDOW_MS);
      let fresh = NONE;
      for (const ms of after) {
        now += ms;
        expect(pinsLockedUntil(guesses, now)).toBe(pinsLockedUntil(fresh, now));
        expect(wrongPinsLeft(guesses, LIMIT, now)).toBe(wrongPinsLeft(fresh, LIMIT, now));
        if (pinsLockedUntil(fresh, now) !== undefined) continue;
        [guesses, fresh] = [withWrong(guesses, now), withWrong(fresh, now)];
      }
    }),
  );
});
