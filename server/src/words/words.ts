import { readFileSync } from 'node:fs';
import { type Language, languages } from '@perch/shared';

/** What the server says to people, by its English sentence: the code is in English, `server/messages` has the other languages. */
interface Catalogue {
  /** Why a request is refused; `{1}` and `{2}` stand for what differs. */
  readonly refusals: Readonly<Record<string, string>>;
  /** Of mails; `{names}` stand for what is put in. */
  readonly mail: Readonly<Record<string, string>>;
  /** What tables and their columns are called, as files for people. */
  readonly tables: Readonly<Record<string, string>>;
}

/** The texts of a language; English has none, as they are in the code. */
export function catalogueOf(language: Language): Catalogue {
  if (language === 'en') return { refusals: {}, mail: {}, tables: {} };
  const file = new URL(`../../messages/${language}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as Catalogue;
}

const catalogues = new Map(languages.map((language) => [language, catalogueOf(language)]));
const PLACE = /\{(\w+)\}/g;

const filled = (text: string, values: Readonly<Record<string, string>>): string =>
  text.replaceAll(PLACE, (place, name: string) => values[name] ?? place);

/** A text of a mail with its values, in that language. */
export const mailed = (
  language: Language,
  english: string,
  values: Readonly<Record<string, string>> = {},
): string => filled(catalogues.get(language)?.mail[english] ?? english, values);

/** What a table or a column of it is called in that language. */
export const titled = (language: Language, english: string): string =>
  catalogues.get(language)?.tables[english] ?? english;

/** Sentences with places, and what each is in every language that has it. */
const patterns = new Map(
  [...catalogues].map(([language, { refusals }]) => [
    language,
    Object.entries(refusals)
      .filter(([english]) => english.includes('{1}'))
      .map(([english, text]) => ({ matches: patternOf(english), text })),
  ]),
);

function patternOf(english: string): RegExp {
  const escaped = english.replaceAll(/[.*+?^$()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`^${escaped.replaceAll(PLACE, '(.+)')}$`, 's');
}

/** A sentence of ours about what was refused, in that language; one that has no translation, as those for programs have none, stays as it is. */
export function translated(sentence: string, language: Language): string {
  const whole = catalogues.get(language)?.refusals[sentence];
  if (whole !== undefined) return whole;
  for (const { matches, text } of patterns.get(language) ?? []) {
    const found = matches.exec(sentence);
    if (found !== null)
      return filled(text, Object.fromEntries(found.slice(1).map((value, at) => [String(at + 1), value])));
  }
  return sentence;
}
