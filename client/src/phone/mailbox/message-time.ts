import { timeParts } from '../words/locale.ts';

const DAY_MS = 86_400_000;

/** The days of a calendar, counted on: those on which the clocks change are as long as any other. */
function dayOf(instant: number): number {
  const date = new Date(instant);
  return Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / DAY_MS;
}

/** When a message came, as short as it can be said: `09:02`, `yesterday`, `Tuesday`, `3 Nov`, `3 Nov 2025`. */
export function messageTime(at: number, now: number, locale: string): string {
  const daysAgo = dayOf(now) - dayOf(at);
  const as = (options: Intl.DateTimeFormatOptions): string =>
    new Intl.DateTimeFormat(locale, options).format(at);
  if (daysAgo <= 0) return as(timeParts(locale));
  if (daysAgo === 1) return new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(-1, 'day');
  if (daysAgo < 7) return as({ weekday: 'long' });
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return as({ day: 'numeric', month: 'short', ...(sameYear ? {} : { year: 'numeric' }) });
}

/** When a message came, in full: `Sunday 22 November at 09:02`, with the year where it is another. */
export function fullMessageTime(at: number, now: number, locale: string): string {
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return new Intl.DateTimeFormat(locale, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    ...(sameYear ? {} : { year: 'numeric' }),
    ...timeParts(locale),
  }).format(at);
}
