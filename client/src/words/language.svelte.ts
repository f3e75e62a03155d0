import { type Language, LANGUAGE_COOKIE, languageOf } from '@perch/shared';
import { speak } from './messages.svelte.ts';

/** Shows the page in the language that is set on this device, or in the browser's. Resolves when it is the first time. */
export function followLanguage(ofDevice: () => Language | 'system'): Promise<void> {
  return new Promise((resolve, reject) => {
    $effect.root(() => {
      $effect(() => {
        const set = ofDevice();
        const language = set === 'system' ? languageOf(navigator.languages) : set;
        // So that the server sends the next page with its words.
        document.cookie = `${LANGUAGE_COOKIE}=${set}; Path=/; Max-Age=${set === 'system' ? 0 : 31_536_000}; SameSite=Lax`;
        speak(language).then(resolve, reject);
      });
    });
  });
}
