import type { Language } from '@perch/shared';
import { german } from './german.ts';
import { english } from './english.ts';
import { spanish } from './spanish.ts';
import { french } from './french.ts';
import { romanian } from './romanian.ts';
import type { SpokenNumbers } from './number-speech.ts';

/** How each language speaks numbers. */
export const SPOKEN_NUMBERS: Readonly<Record<Language, SpokenNumbers>> = {
  en: english,
  de: german,
  es: spanish,
  fr: french,
  ro: romanian,
};
