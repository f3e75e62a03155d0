import { type Language, languages } from '@perch/shared';
import { type Catalogue, catalogueOf } from '../../catalogue/catalogue.ts';
import { mirroredCatalogue } from '../../catalogue/mirrored.ts';
import { written } from '../../src/words/wording.ts';
import { isComplete } from './complete.ts';

/** Every language, and the pseudo-language for pages from right to left. */
export const TONGUES = [...languages, 'mirrored'] as const;
export type Tongue = Language | 'mirrored';

/** Each tongue by itself where all are tried, so that one of them can be asked for; else these in one go, and they take turns. */
export const passesOf = (turns: readonly Tongue[]): readonly (readonly [string, readonly Tongue[]])[] =>
  isComplete ? TONGUES.map((tongue) => [tongue, [tongue]]) : [['each language', turns]];

/** What of its words is asked for: mirrored is English. */
export const languageOfTongue = (tongue: Tongue): Language => (tongue === 'mirrored' ? 'en' : tongue);

const wordsIn = (tongue: Tongue): Catalogue =>
  tongue === 'mirrored' ? mirroredCatalogue(catalogueOf('en')) : catalogueOf(tongue);

let spoken: Tongue = 'en';
let catalogue = wordsIn(spoken);

/** The language of the pages that this worker opens, and of what is said to them. */
export const language = (): Language => languageOfTongue(spoken);

/** From now on the pages are in that language. */
export function speak(chosen: Tongue): void {
  spoken = chosen;
  catalogue = wordsIn(chosen);
}

function messageOf(key: string): string {
  const text = catalogue[key];
  if (typeof text !== 'string') throw new Error(`the catalogue has no plain message ${key}`);
  return text;
}

/** A message of the catalogue, with these values for its parameters: what a button or a sentence of the pages is called. */
export function word(key: string, values: Readonly<Record<string, string>> = {}): string {
  const text = messageOf(key);
  const kept = Object.fromEntries([...text.matchAll(/\{(\w+)\}/g)].map(([put, name = '']) => [name, put]));
  return written(text, { ...kept, ...values }, language());
}

const ISOLATES = '[\\u2066-\\u2069]*';
const loosely = (text: string): string =>
  ISOLATES +
  text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(/\s/g, `${ISOLATES}\\s${ISOLATES}`) +
  ISOLATES;

/** What contains these words, with or without the characters that keep its parts together where pages go from right to left. */
export const containing = (text: string): RegExp => new RegExp(loosely(text));

/**
 * The same as a pattern, for what may have parts kept together by characters that nobody sees; a parameter without a value stands for anything.
 */
export function saying(key: string, values: Readonly<Record<string, string>> = {}): string {
  return messageOf(key)
    .split(/(\{\w+\})/)
    .map((part) => {
      const [, name] = /^\{(\w+)\}$/.exec(part) ?? [];
      if (name === undefined) return loosely(part);
      const value = values[name];
      return value === undefined ? '.+' : loosely(value);
    })
    .join('');
}
