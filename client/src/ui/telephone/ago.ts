import { dayOf, inLocale } from '../moments.ts';

const DAY_MS = 24 * 60 * 60_000;
const HOUR_MS = 60 * 60_000;
const MINUTE_MS = 60_000;

const short = inLocale(
  (locale) => new Intl.RelativeTimeFormat(locale, { style: 'short', numeric: 'always' }),
);
const worded = inLocale((locale) => new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }));
const inWords = (value: number, unit: 'second' | 'day'): string => worded().format(value, unit);

/** `now`, `5 min. ago`, `3 hr. ago`; nothing of what was more than a day ago, which its day says. */
export function agoOf(instant: number, now: number): string {
  const ms = Math.max(0, now - instant);
  if (ms >= DAY_MS) return '';
  if (ms < MINUTE_MS) return inWords(0, 'second');
  if (ms >= HOUR_MS) return short().format(-Math.floor(ms / HOUR_MS), 'hour');
  return short().format(-Math.floor(ms / MINUTE_MS), 'minute');
}

/** `today`, `yesterday`, `Monday, November 23`; `day` is its first instant. */
export function dayInWords(day: number, now: number): string {
  const back = Math.round((new Date(now).setHours(0, 0, 0, 0) - day) / DAY_MS);
  return back === 0 || back === 1 ? inWords(-back, 'day') : dayOf(day);
}
