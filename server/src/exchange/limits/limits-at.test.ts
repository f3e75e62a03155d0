import { NO_STAY_LIMITS, type StayLimits } from '@perch/shared';
import { expect, test } from 'vitest';
import { limitsAt } from './limits-at.ts';

const limits = (given: Partial<StayLimits>): StayLimits => ({ ...NO_STAY_LIMITS, ...given });
const endOfDay = (time: string, since: string, timeZone: string) => {
  const found = limitsAt({ limits: limits({ timeOfDay: time }), timeZone }, null, Date.parse(since));
  return new Date(found.endOfDay ?? 0).toISOString();
};

test.for([
  ['later today', '18:30', '2026-11-27T08:00:00Z', 'Europe/Bucharest', '2026-11-27T16:30:00.000Z'],
  [
    'gone by today: tomorrow',
    '18:30',
    '2026-11-27T16:30:00Z',
    'Europe/Bucharest',
    '2026-11-28T16:30:00.000Z',
  ],
  ['a day of 23 hours', '18:30', '2026-03-28T17:00:00Z', 'Europe/Bucharest', '2026-03-29T15:30:00.000Z'],
  ['a day of 25 hours', '18:30', '2026-10-24T16:00:00Z', 'Europe/Bucharest', '2026-10-25T16:30:00.000Z'],
  [
    'a time that clocks leave out',
    '03:30',
    '2026-03-28T22:00:00Z',
    'Europe/Bucharest',
    '2026-03-29T01:30:00.000Z',
  ],
  [
    'a time that comes twice',
    '03:30',
    '2026-10-24T22:00:00Z',
    'Europe/Bucharest',
    '2026-10-25T00:30:00.000Z',
  ],
  ['begun between the two', '03:30', '2026-10-25T01:00:00Z', 'Europe/Bucharest', '2026-10-26T01:30:00.000Z'],
  [
    'a day that a country has left out',
    '12:00',
    '2011-12-30T05:00:00Z',
    'Pacific/Apia',
    '2011-12-30T22:00:00.000Z',
  ],
] as const)('the end of the day: %s', ([, time, since, zone, end]) => {
  expect(endOfDay(time, since, zone)).toBe(end);
});

test('of the limits of the organization and those of the desk, each is the narrower one', () => {
  const all = limits({ longestMinutes: 480, timeOfDay: '18:00', idleMinutes: 60 });
  const rules = { limits: all, timeZone: 'UTC' };
  const noon = Date.parse('2026-11-27T12:00:00Z');
  const hour = 3_600_000;
  expect(limitsAt(rules, null, noon)).toEqual({
    ...{ longestMs: 8 * hour, endOfDay: noon + 6 * hour, idleMs: hour },
  });
  expect(limitsAt(rules, limits({ longestMinutes: 60, timeOfDay: '20:00', idleMinutes: 90 }), noon)).toEqual({
    ...{ longestMs: hour, endOfDay: noon + 6 * hour, idleMs: hour },
  });
  expect(limitsAt({ ...rules, limits: NO_STAY_LIMITS }, limits({ timeOfDay: '13:00' }), noon)).toEqual({
    ...{ longestMs: null, endOfDay: noon + hour, idleMs: null },
  });
  expect(limitsAt({ ...rules, limits: NO_STAY_LIMITS }, null, noon)).toEqual({
    ...{ longestMs: null, endOfDay: null, idleMs: null },
  });
});
