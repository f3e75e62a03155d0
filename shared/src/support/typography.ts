import type { Language } from '../languages.ts';

/** What a typesetter of that language would mend, each with a pattern that finds it. U+00A0 and U+202F are the spaces at which no line ends. */
const MISPRINTS: Readonly<Record<Language, Readonly<Record<string, RegExp>>>> = {
  en: { 'a quotation mark of another language': /[„«»]/ },
  de: {
    'a quotation mark of another language': /[”«»]/,
    'a quotation that is not closed, or not opened': /„[^“]*(„|$)|^[^„]*“/,
  },
  es: {
    'a quotation mark of another language': /[„“”]/,
    'a question or an exclamation that does not begin': /^[^¿]*\?|^[^¡]*!/,
    'a question or an exclamation that does not end': /¿[^?]*$|¡[^!]*$/,
  },
  fr: {
    'a quotation mark of another language': /[„“”]/,
    'a line may end before a sign, or after the mark that opens a quotation': / [:;?!»]|«[^\u00A0\u202F]/,
    'no space before a sign': /[\p{L})}][:;?!»](?!\/\/)(?=\s|$)/u,
  },
  ro: {
    'a quotation mark of another language': /[“«»]/,
    'a quotation that is not closed, or not opened': /„[^”]*(„|$)|^[^„]*”/,
    'a cedilla where a comma belongs': /[ŞşŢţ]/,
  },
};
const ANYWHERE: Readonly<Record<string, RegExp>> = {
  'two spaces, or one at an end': /\s\s|^\s|\s$/,
  'three points instead of an ellipsis': /\.\.\./,
  'a quotation mark of a typewriter': /["']/,
};

/** What is wrong with how a text is set, in words; names of addresses such as `https:` are no text. */
export const misprints = (language: Language, text: string): readonly string[] =>
  Object.entries({ ...ANYWHERE, ...MISPRINTS[language] }).flatMap(([what, pattern]) =>
    pattern.test(text.replaceAll(/https?:\S*/g, '…')) ? [what] : [],
  );
