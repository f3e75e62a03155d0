import type { PromptId, Utterance } from '../center-events.ts';
import type { Language } from '../languages.ts';
import { de } from './de.ts';
import { en } from './en.ts';
import { es } from './es.ts';
import { fr } from './fr.ts';
import { ro } from './ro.ts';
import type { PromptTexts } from './texts-of-language.ts';

/** What the server says, in the one place where it is written: pages show these words and the sounds are made from them. */
export const PROMPT_TEXTS: Readonly<Record<Language, PromptTexts>> = { en, de, es, fr, ro };

/** What a speech program is to read in place of what it would spell, or call otherwise. */
const READ_AS: Readonly<Record<Language, Readonly<Record<string, string>>>> = {
  en: { '*': 'star' },
  de: { '*': 'Stern', PIN: 'Pin' },
  es: { '*': 'asterisco', PIN: 'pin' },
  fr: { '*': 'étoile', PIN: 'pinne', '’': "'" },
  ro: { '*': 'steluță', PIN: 'pin' },
};

/** Romanian counts with `de` where the last two digits are neither 1 to 19 nor all that there is: `20 de mesaje`, `101 mesaje`. */
export const takesDe = (count: number): boolean => count >= 20 && (count % 100 === 0 || count % 100 >= 20);

/** An utterance as a page shows it: `101 is now on this phone.` */
export function utteranceText(utterance: Utterance, language: Language): string {
  return utterance
    .map((part) => {
      if ('digits' in part) return part.digits;
      return 'number' in part ? counted(part.number, language) : PROMPT_TEXTS[language][part.prompt];
    })
    .filter((text) => text !== '')
    .join(' ');
}

const counted = (count: number, language: Language): string =>
  language === 'ro' && takesDe(count) ? `${count} de` : String(count);

/** A prompt as a speech program is to read it: `*30` becomes `star 3 0`. */
export function promptSpeech(prompt: PromptId, language: Language): string {
  const readAs = READ_AS[language];
  return PROMPT_TEXTS[language][prompt]
    .replaceAll(/[*\d]+/g, (dialled) => [...dialled].join(' '))
    .replaceAll(/\*|PIN|’/g, (spelled) => readAs[spelled] ?? spelled);
}
