import type { IncomingMessage } from 'node:http';
import { acceptedLanguage, isLanguage, type Language, LANGUAGE_COOKIE } from '@perch/shared';

/** The language of a page for a browser that sends these headers (RFC 6265 §4.2, RFC 9110 §12.5.4). */
export function pageLanguage(cookie: string, acceptLanguage: string): Language {
  const chosen = cookie
    .split('; ')
    .find((pair) => pair.startsWith(`${LANGUAGE_COOKIE}=`))
    ?.slice(LANGUAGE_COOKIE.length + 1);
  return chosen !== undefined && isLanguage(chosen) ? chosen : (acceptedLanguage(acceptLanguage) ?? 'en');
}

/** In which language the person who asks wants to read, as far as the request says. */
export const languageAsked = ({ headers }: Pick<IncomingMessage, 'headers'>): Language =>
  pageLanguage(headers.cookie ?? '', headers['accept-language'] ?? '');
