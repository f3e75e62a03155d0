import { isLanguage, type Language, LANGUAGE_COOKIE } from '@perch/shared';
import {
  type DeviceLanguage,
  keptLanguage,
  languageFor,
  type LanguagesHere,
  languageToKeep,
} from '../phone/words/page-language.ts';
import { after, type Cancel } from '../world/timers.ts';
import type { WordGroup } from './files.ts';
import { speak } from './messages.svelte.ts';

/** How long after a language could not be loaded it is tried again (milliseconds). */
const AGAIN_MS = 15_000;
const YEAR_S = 31_536_000;

let here: LanguagesHere | undefined = $state.raw();
/** The address under which the browser keeps the language of the page itself, for the next time that it is loaded. */
let path = $state('/');

/** From now on, these are the languages at the page with this address. */
export function tellLanguages(told: LanguagesHere, of: string): void {
  here = told;
  path = of;
}

function kept(device: DeviceLanguage): Language | null {
  const pairs = document.cookie.split('; ').map((pair) => pair.split('='));
  const values = pairs.flatMap(([name, value = '']) => (name === LANGUAGE_COOKIE ? [value] : []));
  const language = keptLanguage(values, device) ?? '';
  return isLanguage(language) ? language : null;
}

function keep(language: DeviceLanguage | null, path: string): void {
  const isNone = language === null || language === 'system';
  document.cookie = `${LANGUAGE_COOKIE}=${language ?? ''}; Path=${path}; Max-Age=${isNone ? 0 : YEAR_S}; SameSite=Lax`;
}

/**
 * Shows the page in the language of the person who is there (`tellLanguages`), or in that which is set on this device, or in the browser's.
 * Resolves when its texts can be said; in English where that language cannot be loaded, until it can. Rejects when English cannot either.
 * @returns what ends that, and forgets the languages that it was told of.
 */
export async function followLanguage(
  ofDevice: () => DeviceLanguage,
  words: readonly WordGroup[],
): Promise<() => void> {
  // A page begins with nobody.
  [here, path] = [undefined, '/'];
  const nobody = { person: null, page: kept(ofDevice()), organization: null };
  // Before any effect: what is asked for first is what the server has sent the page with.
  const wantedAt = (at: LanguagesHere): Language => languageFor(at, ofDevice(), navigator.languages);
  await speak(wantedAt(nobody), ...words).catch(() => speak('en', ...words));
  const end = $effect.root(() => {
    // So that the server sends the next page with its words. What a guest has chosen is never kept.
    $effect(() => keep(ofDevice(), '/'));
    const ofPage = $derived(here && languageToKeep(here, ofDevice()));
    $effect(() => {
      if (ofPage !== undefined) keep(ofPage, path);
    });
    const wanted = $derived(wantedAt(here ?? nobody));
    $effect(() => speakAtLast(wanted));
  });
  return () => {
    end();
    [here, path] = [undefined, '/'];
  };
}

/** Tries until that language is spoken, or the returned function is called. */
function speakAtLast(language: Language): Cancel {
  let isWanted = true;
  let cancel: Cancel = () => undefined;
  const attempt = (): void => {
    speak(language).catch(() => {
      if (isWanted) cancel = after(AGAIN_MS, attempt);
    });
  };
  attempt();
  return () => {
    isWanted = false;
    cancel();
  };
}
