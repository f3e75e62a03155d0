import { expect, test } from 'vitest';
import { fullMessageTime, messageTime } from './message-time.ts';

/** By the clock of this computer, whichever it is; a month as people count it. */
const at = (year: number, month: number, day: number, hour = 12, minute = 0): number =>
  new Date(year, month - 1, day, hour, minute).getTime();
/** A Sunday. */
const now = at(2026, 11, 22, 9, 30);

test.for<readonly [number, string]>([
  [at(2026, 11, 22, 9, 2), '09:02'],
  [at(2026, 11, 22, 0, 0), '00:00'],
  [at(2026, 11, 21, 23, 59), 'yesterday'],
  [at(2026, 11, 20), 'Friday'],
  [at(2026, 11, 16, 0, 0), 'Monday'],
  [at(2026, 11, 15), '15 Nov'],
  [at(2025, 12, 31), '31 Dec 2025'],
  // The clocks of this browser and of the server may differ a little.
  [now + 5_000, '09:30'],
])('%d is said as %s', ([instant, words]) => {
  expect(messageTime(instant, now, 'en-GB')).toBe(words);
});

test('yesterday is yesterday also where the clocks have changed since', () => {
  for (let day = 1; day <= 366; day++) {
    const early = new Date(2026, 0, day, 0, 30).getTime();
    const late = new Date(2026, 0, day + 1, 23, 30).getTime();
    expect(messageTime(early, late, 'en-GB')).toBe('yesterday');
  }
});

test('yesterday is a word of the reader’s language', () => {
  expect(messageTime(at(2026, 11, 21), now, 'de')).toBe('gestern');
});

test.for<readonly [number, string]>([
  [at(2026, 11, 22, 9, 2), 'Sunday 22 November at 09:02'],
  [at(2025, 12, 31, 16, 45), 'Wednesday 31 December 2025 at 16:45'],
])('%d in full is %s', ([instant, words]) => {
  expect(fullMessageTime(instant, now, 'en-GB').replace(',', '')).toBe(words);
});
