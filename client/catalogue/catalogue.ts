import { readFileSync } from 'node:fs';
import type { Language } from '@perch/shared';

/** A text with `{names}` for what is put into it, or one for each plural form of a number that is. */
export type Text = string | Readonly<Record<string, Readonly<Partial<Record<Intl.LDMLPluralRule, string>>>>>;
export type Catalogue = Readonly<Record<string, Text>>;

/** The texts of a language, `client/messages/LANGUAGE.json`. */
export const catalogueOf = (language: Language): Catalogue =>
  JSON.parse(readFileSync(new URL(`../messages/${language}.json`, import.meta.url), 'utf8')) as Catalogue;

/** Each wording of a text: one, or one for each plural form. */
export const wordings = (text: Text): readonly string[] =>
  typeof text === 'string' ? [text] : Object.values(text).flatMap((forms) => Object.values(forms));

/** The names of what is put into a text, in alphabetical order. */
export function parametersOf(text: Text): readonly string[] {
  const named = wordings(text).flatMap((wording) =>
    [...wording.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name),
  );
  const counted = typeof text === 'string' ? [] : Object.keys(text);
  return [...new Set([...named, ...counted])].toSorted();
}
