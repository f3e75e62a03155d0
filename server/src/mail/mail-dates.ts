import type { Language } from '@perch/shared';

/** How the instants of a mail are written in its language, in the server's time zone, which `TZ` sets; English ones with the day before the month. */
export function mailDates(options: Intl.DateTimeFormatOptions): (language: Language, at: number) => string {
  // Made when first wanted: each takes some milliseconds.
  const formats = new Map<Language, Intl.DateTimeFormat>();
  return (language, at) => {
    const format =
      formats.get(language) ?? new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, options);
    formats.set(language, format);
    return format.format(at);
  };
}
