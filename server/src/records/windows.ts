import { DateTime, IANAZone } from 'luxon';

/** Which days a report has, and which part of each. */
export interface ReportDays {
  /** Days in the time zone, such as `2026-11-27`: the first and the last one. */
  readonly from: string;
  readonly until: string;
  /** Time of day, such as `08:30`. `24:00`: the end of the day. */
  readonly dayStart: string;
  readonly dayEnd: string;
  /** 1 is Monday, 7 is Sunday. */
  readonly weekdays: readonly number[];
  /** An IANA name. */
  readonly timeZone: string;
}

/** One day of a report: its first instant, and the first one no longer included (milliseconds since 1970). */
export interface Window {
  readonly date: string;
  readonly from: number;
  readonly until: number;
}

/** The days of a report in their order. A day on which clocks change has 23 or 25 hours. PURE. */
export function windowsOf({
  from,
  until,
  dayStart,
  dayEnd,
  weekdays,
  timeZone,
}: ReportDays): readonly Window[] {
  const windows: Window[] = [];
  const last = DateTime.fromISO(until, { zone: timeZone });
  for (let day = DateTime.fromISO(from, { zone: timeZone }); day <= last; day = day.plus({ days: 1 })) {
    if (!weekdays.includes(day.weekday)) continue;
    const window = { from: at(day, dayStart).toMillis(), until: at(day, dayEnd).toMillis() };
    if (window.until > window.from) windows.push({ date: day.toISODate() ?? '', ...window });
  }
  return windows;
}

/** That time on the wall of that day; where clocks leave it out, the instant at which they do. */
function at(day: DateTime, time: string): DateTime {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  return hour === 24
    ? day.plus({ days: 1 }).startOf('day')
    : day.set({ hour, minute, second: 0, millisecond: 0 });
}

/** Is that the name of a time zone that is known here? An offset such as `+01:00` is none: it has no summer time. */
export const isTimeZone = (name: string): boolean => /^[A-Za-z]/.test(name) && IANAZone.isValidZone(name);
