import { type Language, LANGUAGE_COOKIE, languageOf } from '@perch/shared';
import { after, type Cancel } from '../world/timers.ts';
import type { WordGroup } from './files.ts';
import { speak } from './messages.svelte.ts';

/** How long after a language could not be loaded it is tried again (milliseconds). */
const AGAIN_MS = 15_000;

type Choice = Language | 'system';
const languageFor = (set: Choice): Language => (set === 'system' ? languageOf(navigator.languages) : set);

/**
 * Shows the page in the language that is set on this device, or in the browser's. Resolves when these texts can be said; in English where that
 * language cannot be loaded, until it can. Rejects when English cannot either.
 */
export async function followLanguage(ofDevice: () => Choice, words: readonly WordGroup[]): Promise<void> {
  // Before any effect: what is asked for first is what the server has sent the page with.
  await speak(languageFor(ofDevice()), ...words).catch(() => speak('en', ...words));
  $effect.root(() => {
    $effect(() => {
      const set = ofDevice();
      // So that the server sends the next page with its words.
      document.cookie = `${LANGUAGE_COOKIE}=${set}; Path=/; Max-Age=${set === 'system' ? 0 : 31_536_000}; SameSite=Lax`;
      return speakAtLast(languageFor(set));
    });
  });
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
