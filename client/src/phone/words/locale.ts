/**
 * The locale of a page: the language of its words, with the region of the first of the browser's languages (BCP 47), so that
 * `Thursday` stands beside `Call`, and the time is written as it is where the browser is.
 */
export function localeOf(language: string, browserLanguages: readonly string[]): string {
  for (const tag of browserLanguages) {
    const region = regionOf(tag);
    if (region !== undefined) return new Intl.Locale(language, { region }).toString();
  }
  return language;
}

/** The parts of a time of day: with a leading zero where the day has 24 hours, `09:02`, and without where it has twelve, `9:02 AM`. */
export function timeParts(locale: string): Intl.DateTimeFormatOptions {
  const { hour12 } = new Intl.DateTimeFormat(locale, { hour: 'numeric' }).resolvedOptions();
  return { hour: hour12 === true ? 'numeric' : '2-digit', minute: '2-digit' };
}

function regionOf(tag: string): string | undefined {
  try {
    const locale = new Intl.Locale(tag);
    // Looking up what is likely takes a browser several milliseconds the first time.
    return locale.region ?? locale.maximize().region;
  } catch {
    return undefined;
  }
}
