import type { Language } from '@perch/shared';
import en from '../../messages/en.json' with { type: 'json' };
import type { Words } from './wording.ts';

/**
 * Which texts: those that a phone shows first, those of its parts that are loaded when they are needed and of small pages, and those that only
 * management shows.
 */
export type WordGroup = 'first' | 'parts' | 'management';

/** What can be said before anything has been loaded. This file is as `npm run dev` and tests have it; a build puts its own in its place (`client/catalogue/word-files.ts`). */
export const builtIn: Words = en;

export async function loadWords(language: Language, _group: WordGroup): Promise<Words> {
  if (language === 'en') return en;
  const { default: words } = (await import(`../../messages/${language}.json`)) as { default: Words };
  return words;
}
