import { type Language, languages } from '@perch/shared';

/** How the instants of a mail are written in its language, in the server's time zone, which `TZ` sets; English ones with the day before the month. */
export function mailDates(options: Intl.DateTimeFormatOptions): (language: Language, at: number) => string {
  const formats = new Map(
    languages.map((language) => [
      language,
      new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, options),
    ]),
  );
  return (language, at) => formats.get(language)?.format(at) ?? '';
}
