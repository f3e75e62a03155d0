import { timeParts } from '../phone/words/locale.ts';
import { locale } from '../words/messages.svelte.ts';

/** Made when it is first used in a locale: each takes a browser a millisecond or more. */
export const inLocale = <T>(make: (locale: string) => T): (() => T) => {
  let made: { readonly locale: string; readonly of: T } | undefined;
  return () => {
    const now = locale();
    if (made?.locale !== now) made = { locale: now, of: make(now) };
    return made.of;
  };
};
const dateFormat = (options: (locale: string) => Intl.DateTimeFormatOptions) =>
  inLocale((locale) => new Intl.DateTimeFormat(locale, options(locale)));
const time = dateFormat(timeParts);
const timeAndSeconds = dateFormat((locale) => ({ ...timeParts(locale), second: '2-digit' }));
const day = dateFormat(() => ({ weekday: 'long', day: 'numeric', month: 'long' }));
const dayAndTime = dateFormat((locale) => ({ weekday: 'short', ...timeParts(locale) }));
const dateAndTime = dateFormat(() => ({ dateStyle: 'medium', timeStyle: 'short' }));
// A day is the same everywhere: it is written without a time zone of its own.
const date = dateFormat(() => ({
  ...{ timeZone: 'UTC', weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' },
}));
const weekday = dateFormat(() => ({ timeZone: 'UTC', weekday: 'short' }));
const all = inLocale((locale) => new Intl.ListFormat(locale, { type: 'conjunction' }));
const anyOf = inLocale((locale) => new Intl.ListFormat(locale, { type: 'disjunction' }));

export const timeOf = (instant: number): string => time().format(instant);
/** `09:02:07`: for steps that follow each other within seconds. */
export const momentOf = (instant: number): string => timeAndSeconds().format(instant);
export const dayOf = (instant: number): string => day().format(instant);

/** `Fri, Nov 27, 2026`, of `2026-11-27`. */
export const dateOf = (day: string): string => date().format(Date.parse(day));
/** `Mon` for 1 to `Sun` for 7. */
export const weekdayOf = (number: number): string => weekday().format(Date.UTC(2024, 0, number));

/** `09:02`, with the day where that was not today. */
export function sinceOf(instant: number, now: number): string {
  const sameDay = new Date(instant).toDateString() === new Date(now).toDateString();
  return (sameDay ? time() : dayAndTime()).format(instant);
}

/** `09:02` today, else with the date: for what may be months away, either way. */
export function whenOf(instant: number, now: number): string {
  const sameDay = new Date(instant).toDateString() === new Date(now).toDateString();
  return (sameDay ? time() : dateAndTime()).format(instant);
}

/** With the date, whatever the day: where nothing may be left open. */
export const exactly = (instant: number): string => dateAndTime().format(instant);

/** `2 hours`, `90 minutes`, `90 seconds`. */
export function lengthInWords(ms: number): string {
  const [unit, value] =
    ms % 3_600_000 === 0
      ? ['hour', ms / 3_600_000]
      : ms % 60_000 === 0
        ? ['minute', ms / 60_000]
        : ['second', Math.round(ms / 1_000)];
  return new Intl.NumberFormat(locale(), { style: 'unit', unit, unitDisplay: 'long' }).format(value);
}

/** `112 or 911`. */
export const oneOf = (words: readonly string[]): string => anyOf().format(words);

/** `ring and network`. */
export const allOf = (words: readonly string[]): string => all().format(words);

/** `0:07`, `12:40`, `1:02:03`. */
export function durationOf(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  const parts = [Math.floor(seconds / 60) % 60, seconds % 60].map((part) => String(part).padStart(2, '0'));
  const hours = Math.floor(seconds / 3_600);
  return hours > 0 ? `${hours}:${parts.join(':')}` : parts.join(':').replace(/^0/, '');
}
