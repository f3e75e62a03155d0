import { readFileSync } from 'node:fs';
import type { Language } from '@perch/shared';

const catalogueOf = (language: Language): Readonly<Record<string, unknown>> =>
  JSON.parse(readFileSync(new URL(`../../messages/${language}.json`, import.meta.url), 'utf8')) as Readonly<
    Record<string, unknown>
  >;

let spoken: Language = 'en';
let catalogue = catalogueOf(spoken);

/** The language of the pages that this worker opens, and of what is said to them. */
export const language = (): Language => spoken;

/** From now on the pages are in that language. */
export function speak(chosen: Language): void {
  spoken = chosen;
  catalogue = catalogueOf(chosen);
}

/** A message of the catalogue, with these values for its parameters: what a button or a sentence of the pages is called. */
export function word(key: string, values: Readonly<Record<string, string>> = {}): string {
  const text = catalogue[key];
  if (typeof text !== 'string') throw new Error(`the catalogue has no plain message ${key}`);
  return text.replaceAll(/\{(\w+)\}/g, (_, name: string) => values[name] ?? `{${name}}`);
}
