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
export const languageOf = (accepted: readonly string[]): Language => spokenAmong(accepted) ?? 'en';

/** The best language in an Accept-Language field that Perch speaks (RFC 9110 §12.5.4); `undefined` where there is none. */
export function acceptedLanguage(field: string): Language | undefined {
  const accepted = field
    .split(',')
    .map((range) => {
      const [tag = '', ...parameters] = range.split(';').map((part) => part.trim());
      const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
      return { tag, weight: weight === undefined ? 1 : Number(weight) };
    })
    .filter(({ weight }) => weight > 0)
    .toSorted((a, b) => b.weight - a.weight);
  return spokenAmong(accepted.map(({ tag }) => tag));
}

const spokenAmong = (tags: readonly string[]): Language | undefined =>
  tags.map((tag) => tag.split('-', 1).join().toLowerCase()).find(isLanguage);

export const isLanguage = (tag: string): tag is Language => (languages as readonly string[]).includes(tag);
