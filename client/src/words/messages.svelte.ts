import type { Language } from '@perch/shared';
import { localeOf } from '../phone/words/locale.ts';
import { builtIn, loadWords, type WordGroup } from './files.ts';
import type { Texts } from './texts.ts';
import { type Spoken, textsOf, type Words } from './wording.ts';

const localeIn = (language: Language): string => localeOf(language, navigator.languages);

let spoken: Spoken & { readonly language: Language } = $state.raw({
  language: 'en',
  locale: localeIn('en'),
  words: builtIn,
});
let wanted: Language = 'en';
let groups: readonly WordGroup[] = [];
let turn = 0;
let latest: Promise<void>;

/**
 * The texts of the pages, each a function of the values in it: `m.calls_to_voicemail({ number })`. What is drawn with them is drawn anew when
 * the language changes.
 */
export const m = textsOf(() => spoken) as Texts;

/** The locale of what is on the page now: for `Intl`. */
export const locale = (): string => spoken.locale;

/** Says everything in that language as soon as its words are there; until then, all is said in the one before. Rejects when they cannot be loaded. */
export async function speak(language: Language): Promise<void> {
  wanted = language;
  try {
    await load();
  } catch (error) {
    if (wanted === language) wanted = spoken.language;
    throw error;
  }
}

/** From then on, these texts can be said too, in whichever language is spoken. Rejects when they cannot be loaded. */
export async function needWords(...more: readonly WordGroup[]): Promise<void> {
  const missing = more.filter((group) => !groups.includes(group));
  if (missing.length === 0) return;
  groups = [...groups, ...missing];
  try {
    await load();
  } catch (error) {
    groups = groups.filter((group) => !missing.includes(group));
    throw error;
  }
}

const load = (): Promise<void> => (latest = loadAt((turn += 1)));

async function loadAt(ours: number): Promise<void> {
  const language = wanted;
  const loaded = await Promise.all(groups.map((group) => loadWords(language, group)));
  // Something else has been asked for meanwhile, and what was to be said here is among it.
  if (ours !== turn) return latest;
  spoken = { language, locale: localeIn(language), words: Object.assign({}, builtIn, ...loaded) as Words };
  document.documentElement.lang = language;
}
