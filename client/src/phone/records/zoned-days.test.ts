import { expect, test } from 'vitest';
import { dayAt, dayLater, instantOf, timeAt } from './zoned-days.ts';

const HOUR = 3_600_000;
const iso = (at: number | undefined) => (at === undefined ? undefined : new Date(at).toISOString());

test.each([
  ['2026-11-27', '08:30', 'Europe/Berlin', '2026-11-27T07:30:00.000Z'],
  ['2026-11-27', '00:00', 'UTC', '2026-11-27T00:00:00.000Z'],
  ['2026-11-27', '00:00', 'Asia/Kolkata', '2026-11-26T18:30:00.000Z'],
  ['2026-11-27', '23:59', 'America/New_York', '2026-11-28T04:59:00.000Z'],
  // Left out when the clock is set forward, and there twice when it is set back.
  ['2026-03-29', '02:30', 'Europe/Berlin', '2026-03-29T01:30:00.000Z'],
  ['2026-10-25', '02:30', 'Europe/Berlin', '2026-10-25T00:30:00.000Z'],
  // There the day begins at one, and midnight comes twice.
  ['2026-04-24', '00:00', 'Africa/Cairo', '2026-04-23T22:00:00.000Z'],
  ['2026-11-01', '00:00', 'America/Havana', '2026-11-01T04:00:00.000Z'],
  // A day that was left out on a calendar.
  ['2011-12-31', '00:00', 'Pacific/Apia', '2011-12-30T10:00:00.000Z'],
])('%s %s in %s is %s', (day, time, timeZone, instant) => {
  expect(iso(instantOf(day, time, timeZone))).toBe(instant);
});

test.each([
  ['2026-03-29', 'Europe/Berlin', 23],
  ['2026-10-25', 'Europe/Berlin', 25],
  ['2026-11-27', 'Europe/Berlin', 24],
])('%s in %s has %i hours', (day, timeZone, hours) => {
  const [from = NaN, until = NaN] = [day, dayLater(day, 1)].map((each) => instantOf(each, '00:00', timeZone));
  expect((until - from) / HOUR).toBe(hours);
});

test('an instant has its day and its time there', () => {
  const at = Date.UTC(2026, 10, 26, 23, 15);
  expect([dayAt(at, 'Europe/Berlin'), timeAt(at, 'Europe/Berlin')]).toEqual(['2026-11-27', '00:15']);
  expect([dayAt(at, 'America/New_York'), timeAt(at, 'America/New_York')]).toEqual(['2026-11-26', '18:15']);
});

test('what is no day is no instant', () => {
  expect([instantOf('', '00:00', 'UTC'), instantOf('2026-11-27', '', 'UTC')]).toEqual([undefined, undefined]);
});
