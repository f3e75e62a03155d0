import { type Language, LANGUAGE_COOKIE, languageOf } from '@perch/shared';
import { speak } from './messages.svelte.ts';

let person: Language | null = $state(null);

/** The language of the person who is at this phone now, before that of the device; `null` where they have chosen none, or nobody is there. */
export function speakTo(language: Language | null): void {
  person = language;
}

/** Shows the page in the language of the person, or else in the one that is set on this device, or the browser's. Resolves when it is the first time. */
export function followLanguage(ofDevice: () => Language | 'system'): Promise<void> {
  return new Promise((resolve, reject) => {
    $effect.root(() => {
      $effect(() => {
        const set = ofDevice();
        const language = set === 'system' ? languageOf(navigator.languages) : set;
        // Only what the device says: the server sends the next page with its words, and nothing of a guest stays here.
        document.cookie = `${LANGUAGE_COOKIE}=${set}; Path=/; Max-Age=${set === 'system' ? 0 : 31_536_000}; SameSite=Lax`;
        speak(person ?? language).then(resolve, reject);
      });
    });
  });
}
