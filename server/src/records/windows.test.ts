import fc from 'fast-check';
import { DateTime } from 'luxon';
import { expect, test } from 'vitest';
import { isTimeZone, type ReportDays, windowsOf } from './windows.ts';

const HOUR = 3_600_000;
const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];
const days = (given: Partial<ReportDays>): ReportDays => ({
  ...{ from: '2026-03-28', until: '2026-03-30', dayStart: '00:00', dayEnd: '24:00' },
  ...{ weekdays: EVERY_DAY, timeZone: 'Europe/Berlin' },
  ...given,
});

test.for([
  ['2026-03-28', '2026-03-30', 'Europe/Berlin', [24, 23, 24]],
  ['2026-10-24', '2026-10-26', 'Europe/Berlin', [24, 25, 24]],
  ['2026-10-03', '2026-10-05', 'Australia/Lord_Howe', [24, 23.5, 24]],
  ['2026-03-28', '2026-03-30', 'UTC', [24, 24, 24]],
] as const)('the days from %s to %s in %s have %j hours, without a gap', ([from, until, timeZone, hours]) => {
  const windows = windowsOf(days({ from, until, timeZone }));
  expect(windows.map((window) => (window.until - window.from) / HOUR)).toEqual(hours);
  expect(windows.slice(1).map((window) => window.from)).toEqual(
    windows.slice(0, -1).map((window) => window.until),
  );
});

test('opening hours are those of the wall clock, before and after it changes', () => {
  const windows = windowsOf(days({ dayStart: '08:30', dayEnd: '17:00' }));
  expect(windows.map(({ from }) => new Date(from).toISOString())).toEqual([
    '2026-03-28T07:30:00.000Z',
    '2026-03-29T06:30:00.000Z',
    '2026-03-30T06:30:00.000Z',
  ]);
  expect(windows.map((window) => (window.until - window.from) / HOUR)).toEqual([8.5, 8.5, 8.5]);
});

test('other weekdays are left out, and days that end before they begin', () => {
  expect(windowsOf(days({ weekdays: [6, 7] })).map(({ date }) => date)).toEqual(['2026-03-28', '2026-03-29']);
  expect(windowsOf(days({ dayStart: '17:00', dayEnd: '08:00' }))).toEqual([]);
  expect(windowsOf(days({ from: '2026-03-31' }))).toEqual([]);
});

test('a day that a zone left out has no part', () => {
  const samoa = { from: '2011-12-29', until: '2011-12-31', timeZone: 'Pacific/Apia' };
  const morning = windowsOf(days({ ...samoa, dayStart: '00:00', dayEnd: '01:00' }));
  expect(morning.map(({ date, from, until }) => [date, until - from])).toEqual([
    ['2011-12-29', HOUR],
    ['2011-12-31', HOUR],
  ]);
});

test('whole days of any zone follow each other without a gap, and parts of them lie within', () => {
  const zone = fc.constantFrom('Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Pacific/Apia', 'UTC');
  const date = fc
    .date({ min: new Date('2011-01-01'), max: new Date('2035-01-01'), noInvalidDate: true })
    .map((one) => one.toISOString().slice(0, 10));
  const hour = fc.integer({ min: 0, max: 23 }).map((one) => `${String(one).padStart(2, '0')}:00`);
  fc.assert(
    fc.property(
      zone,
      date,
      fc.integer({ min: 0, max: 40 }),
      hour,
      hour,
      (timeZone, from, more, one, other) => {
        const until = new Date(Date.parse(from) + more * 24 * HOUR).toISOString().slice(0, 10);
        const whole = windowsOf(days({ from, until, timeZone }));
        for (const [index, window] of whole.slice(1).entries()) expect(window.from).toBe(whole[index]?.until);
        for (const part of windowsOf(days({ from, until, timeZone, dayStart: one, dayEnd: other }))) {
          const day = whole.find(({ date: each }) => each === part.date);
          expect(part.from).toBeGreaterThanOrEqual(day?.from ?? NaN);
          expect(part.until).toBeLessThanOrEqual(day?.until ?? NaN);
        }
      },
    ),
    { numRuns: 200 },
  );
});

test('a window begins and ends when the clocks on the walls first show its times', () => {
  const zone = fc.constantFrom('Europe/Berlin', 'America/Sao_Paulo', 'Africa/Cairo', 'Pacific/Apia', 'UTC');
  const date = fc
    .date({ min: new Date('2009-01-01'), max: new Date('2035-01-01'), noInvalidDate: true })
    .map((one) => one.toISOString().slice(0, 10));
  const time = fc
    .tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom('00', '15', '30'))
    .map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${minute}`);
  const weekdays = fc.subarray(EVERY_DAY, { minLength: 1 });
  fc.assert(
    fc.property(zone, date, fc.nat(200), time, weekdays, (timeZone, from, more, dayStart, chosen) => {
      const until = new Date(Date.parse(from) + more * 24 * HOUR).toISOString().slice(0, 10);
      const found = windowsOf(days({ from, until, timeZone, dayStart, weekdays: chosen }));
      for (const window of found) {
        const [year, month, day] = window.date.split('-').map(Number);
        const [hour, minute] = dayStart.split(':').map(Number);
        const local = { year, month, day, hour, minute } as const;
        const shown = DateTime.fromMillis(window.from, { zone: timeZone });
        // Where the clocks leave it out, they are set forward within the day before.
        const earlier = DateTime.fromMillis(window.from - HOUR, { zone: timeZone });
        const isThere = shown.hour === hour && shown.minute === minute;
        expect(isThere ? shown.toISODate() : window.date).toBe(window.date);
        if (!isThere) expect(shown.offset).toBeGreaterThan(shown.minus({ days: 1 }).offset);
        expect(earlier.hour === hour && earlier.minute === minute && earlier.day === day).toBe(false);
        if (isThere)
          expect(+DateTime.fromObject(local, { zone: timeZone }) - window.from).toBeGreaterThanOrEqual(0);
      }
    }),
    { numRuns: 100 },
  );
});

test('time zones are those of the IANA', () => {
  expect(['Europe/Berlin', 'UTC', 'Mars/Base', '', '+01:00'].map(isTimeZone)).toEqual([
    ...[true, true, false, false, false],
  ]);
});
