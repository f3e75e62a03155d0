import type { FigureName, ReportPer } from '@perch/shared';
import { NUMBER } from './asked-calls.ts';
import { dayAt, dayLater } from './zoned-days.ts';

/** Days that are often asked for, and `chosen` ones. */
export const PERIODS = [
  ...['today', 'yesterday', 'week', 'month', 'this-month', 'last-month', 'year', 'chosen'],
] as const;
export type Period = (typeof PERIODS)[number];

/** What a page asks of reports, as it stands in its fields. */
export interface AskedReport {
  /** Days of the organization, such as `2026-11-27`: the first and the last one. */
  readonly from: string;
  readonly until: string;
  /** Which part of each day, such as `08:30`; both empty for all of it. */
  readonly dayStart: string;
  readonly dayEnd: string;
  /** 1 is Monday, 7 is Sunday. */
  readonly weekdays: readonly number[];
  readonly per: ReportPer;
  readonly extension: string;
  /** Empty for all. */
  readonly group: string;
  readonly sort: FigureName | 'number';
}

/** What of it stands in the address of a request. */
export type ReportAsked = {
  readonly from: string;
  readonly until: string;
  readonly dayStart?: string;
  readonly dayEnd?: string;
  readonly weekdays?: string;
  readonly per: ReportPer;
  readonly extension?: string;
  readonly group?: string;
  readonly sort: FigureName | 'number';
};

/** The same as a query of the API; `undefined` where it asks for no day. PURE. */
export function reportQueryOf(asked: AskedReport): ReportAsked | undefined {
  const { from, until, dayStart, dayEnd, weekdays, per, extension, group, sort } = asked;
  if (from === '' || until === '' || from > until || weekdays.length === 0) return undefined;
  return {
    ...{ from, until, per, sort },
    ...(dayStart !== '' && { dayStart }),
    ...(dayEnd !== '' && { dayEnd: dayEnd === '00:00' ? '24:00' : dayEnd }),
    ...(weekdays.length < 7 && { weekdays: weekdays.toSorted().join('') }),
    ...(NUMBER.test(extension) && { extension }),
    ...(group !== '' && { group }),
  };
}

/** The days of a period that ends at that instant. PURE. */
export function daysOf(
  period: Exclude<Period, 'chosen'>,
  now: number,
  timeZone: string,
): { readonly from: string; readonly until: string } {
  const today = dayAt(now, timeZone);
  const firstOfMonth = `${today.slice(0, 7)}-01`;
  switch (period) {
    case 'today':
      return { from: today, until: today };
    case 'yesterday':
      return { from: dayLater(today, -1), until: dayLater(today, -1) };
    case 'week':
      return { from: dayLater(today, -6), until: today };
    case 'month':
      return { from: dayLater(today, -29), until: today };
    case 'this-month':
      return { from: firstOfMonth, until: today };
    case 'last-month': {
      const last = dayLater(firstOfMonth, -1);
      return { from: `${last.slice(0, 7)}-01`, until: last };
    }
    case 'year':
      return { from: dayLater(today, -364), until: today };
  }
}
