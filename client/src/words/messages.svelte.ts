import type { Language } from '@perch/shared';
import { localeOf } from '../phone/words/locale.ts';
import { builtIn, loadWords, type WordGroup } from './files.ts';
import type { Texts } from './texts.ts';
import { type Spoken, textsOf, type Words } from './wording.ts';

const localeIn = (language: Language): string => localeOf(language, navigator.languages);

/** What is said: in which language, and which texts. */
interface Said {
  readonly language: Language;
  readonly groups: readonly WordGroup[];
}
const NOTHING: Spoken & Said = { language: 'en', groups: [], locale: localeIn('en'), words: builtIn };

let spoken = $state.raw(NOTHING);
/** What was asked for last, and when it is said; otherwise the same as what is spoken. */
let wanted: Said = NOTHING;
let latest: Promise<void> = Promise.resolve();

/**
 * The texts of the pages, each a function of the values in it: `m.calls_to_voicemail({ number })`. What is drawn with them is drawn anew when
 * the language changes.
 */
export const m = textsOf(() => spoken) as Texts;

/** The locale of what is on the page now: for `Intl`. */
export const locale = (): string => spoken.locale;

/**
 * Says everything in that language as soon as its words are there, and these texts too; until then, all is said in the one before. Rejects when
 * they cannot be loaded: then nothing has changed.
 */
export function speak(language: Language, ...more: readonly WordGroup[]): Promise<void> {
  const missing = more.filter((group) => !wanted.groups.includes(group));
  if (language === wanted.language && missing.length === 0)
    return wanted === spoken ? Promise.resolve() : latest;
  wanted = { language, groups: [...wanted.groups, ...missing] };
  latest = load(wanted);
  return latest;
}

/** From then on, these texts can be said too, in whichever language is spoken. Rejects when they cannot be loaded. */
export const needWords = (...more: readonly WordGroup[]): Promise<void> => speak(wanted.language, ...more);

async function load(said: Said): Promise<void> {
  const { language, groups } = said;
  const loaded = await Promise.all(groups.map((group) => loadWords(language, group))).catch(
    (error: unknown) => {
      if (said !== wanted) return [];
      wanted = spoken;
      throw error;
    },
  );
  // Something else has been asked for meanwhile, and what was to be said here is among it.
  if (said !== wanted) return latest;
  spoken = { ...said, locale: localeIn(language), words: Object.assign({}, builtIn, ...loaded) as Words };
  wanted = spoken;
  document.documentElement.lang = language;
}
