import * as z from 'zod/mini';

/** A language that Perch speaks (BCP 47). */
export const language = z.enum(['en', 'de', 'es', 'fr', 'ro']);
export type Language = z.infer<typeof language>;

/** All of them; the first is for people whose own is not among them. */
export const languages: readonly Language[] = language.options;

/** What each calls itself. */
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = {
  en: 'English',
  de: 'Deutsch',
  es: 'Español',
  fr: 'Français',
  ro: 'Română',
};

/** The cookie in which a browser keeps the language that was chosen for it, so that the server sends its pages with the right words. */
export const LANGUAGE_COOKIE = 'perch-language';

/** The first language of somebody's that Perch speaks; `accepted` are language tags such as `de-AT`, the best first. */
export function languageOf(accepted: readonly string[]): Language {
  const spoken = accepted.map((tag) => tag.split('-', 1).join().toLowerCase());
  return spoken.find(isLanguage) ?? 'en';
}

export const isLanguage = (tag: string): tag is Language => (languages as readonly string[]).includes(tag);
