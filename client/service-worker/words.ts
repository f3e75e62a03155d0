import { type Language, languageOf } from '@perch/shared';
import { localeOf } from '../src/phone/words/locale.ts';
import type { NotificationTexts } from '../src/state/system/notifications.ts';
import { textsOf, type Words } from '../src/words/wording.ts';

/** What notifications say in each language, written into the worker when it is built. */
declare const NOTIFICATION_WORDS: Readonly<Record<Language, Words>>;

/** What is said in the browser's language: the worker does not see what was chosen on a page. */
export function words(): NotificationTexts {
  const language = languageOf(navigator.languages);
  return textsOf(() => ({
    words: NOTIFICATION_WORDS[language],
    locale: localeOf(language, navigator.languages),
  })) as NotificationTexts;
}
