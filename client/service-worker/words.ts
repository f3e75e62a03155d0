import { type CallNotice, isLanguage, type Language, LANGUAGE_COOKIE, languageOf } from '@perch/shared';
import { localeOf } from '../src/phone/words/locale.ts';
import type { NotificationTexts } from '../src/state/system/notifications.ts';
import { textsOf, type Words } from '../src/words/wording.ts';

/** What notifications say in each language, written into the worker when it is built. */
declare const NOTIFICATION_WORDS: Readonly<Record<Language, Words>>;

/** Not every browser lets a worker read cookies. */
type Cookies = { readonly get: (name: string) => Promise<{ readonly value?: string } | null> };
const cookies = (): Cookies | undefined => (globalThis as { readonly cookieStore?: Cookies }).cookieStore;

/**
 * The language that was chosen on a page of this browser, as far as it can be seen here, or else that of the organization, where it is known, or the
 * browser's.
 */
export async function languageChosen(organization: Language | null = null): Promise<Language> {
  const chosen = (await cookies()?.get(LANGUAGE_COOKIE))?.value ?? '';
  return isLanguage(chosen) ? chosen : (organization ?? languageOf(navigator.languages));
}

/**
 * The language in which a call is spoken of, as on a page: first that of the person for whom it rings, or of the owner of the phone. What an older
 * version has shown says nothing of them.
 */
export const languageFor = async ({
  language,
  organizationLanguage,
}: Partial<Pick<CallNotice, 'language' | 'organizationLanguage'>>): Promise<Language> =>
  language ?? languageChosen(organizationLanguage);

export const wordsIn = (language: Language): NotificationTexts =>
  textsOf(() => ({
    words: NOTIFICATION_WORDS[language],
    locale: localeOf(language, navigator.languages),
  })) as NotificationTexts;
