import { isLanguage, type Language, LANGUAGE_COOKIE, languageOf } from '@perch/shared';

/** The language of a page for a browser that sends these headers (RFC 6265 §4.2, RFC 9110 §12.5.4). */
export function pageLanguage(cookie: string, acceptLanguage: string): Language {
  const chosen = cookie
    .split('; ')
    .find((pair) => pair.startsWith(`${LANGUAGE_COOKIE}=`))
    ?.slice(LANGUAGE_COOKIE.length + 1);
  return chosen !== undefined && isLanguage(chosen) ? chosen : languageOf(acceptedLanguages(acceptLanguage));
}

/** The language tags of an Accept-Language field, the best first, without those that are not wanted (RFC 9110 §12.4.2). */
function acceptedLanguages(field: string): readonly string[] {
  return field
    .split(',')
    .map((range) => {
      const [tag = '', ...parameters] = range.split(';').map((part) => part.trim());
      const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
      return { tag, weight: weight === undefined ? 1 : Number(weight) };
    })
    .filter(({ weight }) => weight > 0)
    .toSorted((a, b) => b.weight - a.weight)
    .map(({ tag }) => tag);
}
