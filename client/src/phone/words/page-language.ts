import { type Language, languageOf } from '@perch/shared';

/** What is set on a device: a language, or that of the browser. */
export type DeviceLanguage = Language | 'system';

/** Which languages there are at a page, as the server has said; `null` for none. */
export interface LanguagesHere {
  /** Of the person who is there. */
  readonly person: Language | null;
  /** Of the page itself, no matter who is there: that of the owner of a phone, or of the person who is signed in. */
  readonly page: Language | null;
  /** Of all in the organization who have none of their own. */
  readonly organization: Language | null;
}

/** The language of a page: of the person who is there, of the page itself, of the device, of the organization, or of the browser, in this order. PURE. */
export const languageFor = (
  { person, page, organization }: LanguagesHere,
  device: DeviceLanguage,
  browser: readonly string[],
): Language => person ?? page ?? (device === 'system' ? (organization ?? languageOf(browser)) : device);

/** What the page speaks while nobody but its owner is there, as far as another browser would not; `null` for nothing. PURE. */
export const languageToKeep = (
  { page, organization }: LanguagesHere,
  device: DeviceLanguage,
): Language | null => page ?? (device === 'system' ? organization : null);

/**
 * The language that is kept for the page at this address alone, among the values of the cookies that a browser has for it: they come before
 * the one of the device, if there is one (RFC 6265 §5.4). PURE.
 */
export const keptLanguage = (values: readonly string[], device: DeviceLanguage): string | undefined =>
  values.length > (device === 'system' ? 0 : 1) ? values[0] : undefined;
