import { expect, test } from 'vitest';
import { type AskedReport, daysOf, type Period, reportQueryOf } from './asked-report.ts';

const ASKED: AskedReport = {
  ...{ from: '2026-11-01', until: '2026-11-27', dayStart: '', dayEnd: '', weekdays: [1, 2, 3, 4, 5, 6, 7] },
  ...{ per: 'extension', extension: '', group: '', sort: 'number' },
};

test('what stands in the fields is asked for', () => {
  const { from, until } = ASKED;
  expect(reportQueryOf(ASKED)).toEqual({ from, until, per: 'extension', sort: 'number' });
  const narrow = { dayStart: '08:30', dayEnd: '17:00', weekdays: [5, 1], extension: '101', group: 'Sales' };
  expect(reportQueryOf({ ...ASKED, ...narrow })).toMatchObject({ ...narrow, weekdays: '15' });
  expect(reportQueryOf({ ...ASKED, dayEnd: '00:00' })).toMatchObject({ dayEnd: '24:00' });
});

test.each<Partial<AskedReport>>([{ from: '' }, { until: '' }, { until: '2026-10-31' }, { weekdays: [] }])(
  'without any day, nothing is asked for: %j',
  (given) => {
    expect(reportQueryOf({ ...ASKED, ...given })).toBeUndefined();
  },
);

test.each<[Exclude<Period, 'chosen'>, string, string]>([
  ['today', '2026-03-01', '2026-03-01'],
  ['yesterday', '2026-02-28', '2026-02-28'],
  ['week', '2026-02-23', '2026-03-01'],
  ['month', '2026-01-31', '2026-03-01'],
  ['this-month', '2026-03-01', '2026-03-01'],
  ['last-month', '2026-02-01', '2026-02-28'],
  ['year', '2025-03-02', '2026-03-01'],
])('%s is %s to %s', (period, from, until) => {
  // Where the organization is, March has begun.
  expect(daysOf(period, Date.UTC(2026, 1, 28, 23, 30), 'Europe/Berlin')).toEqual({ from, until });
});
