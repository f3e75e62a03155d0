/** A text with `{names}`, or for each plural form of the number of that name one of its own. */
export type Wording = string | Readonly<Record<string, Readonly<Record<string, string>>>>;
export type Words = Readonly<Record<string | number, Wording>>;
export type Values = Readonly<Record<string, string | number>>;

/** What is written from right to left, or has it done: Hebrew, Arabic and their neighbours, and marks (UAX #9). */
const RIGHT_TO_LEFT = /[\u0590-\u08FF\u200F\u202E\uFB1D-\uFDFF\uFE70-\uFEFC]/;

/** Is something in a text written from right to left? */
export const isRightToLeft = (text: string): boolean => RIGHT_TO_LEFT.test(text);

/**
 * A wording with its values put in; numbers are written as the locale writes them. Where the text or a value is written from right to left, the
 * value is isolated, so that neither changes the order of the other (UAX #9 §2.2).
 */
export function written(wording: Wording, values: Values, locale: string): string {
  const form = formOf(wording, values, locale);
  return form.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    const said = typeof value === 'number' ? value.toLocaleString(locale) : String(value);
    return isRightToLeft(form + said) ? `\u2068${said}\u2069` : said;
  });
}

function formOf(wording: Wording, values: Values, locale: string): string {
  if (typeof wording === 'string') return wording;
  for (const [name, forms] of Object.entries(wording)) {
    const form = new Intl.PluralRules(locale).select(Number(values[name]));
    return forms[form] ?? forms['other'] ?? '';
  }
  return '';
}

/** What is said in one language. */
export interface Spoken {
  readonly words: Words;
  /** How times, numbers and lists are written (BCP 47). */
  readonly locale: string;
}

/** The texts of what is spoken at the moment, each a function of the values in it (`Texts`). */
export const textsOf = (spoken: () => Spoken): object =>
  new Proxy(
    {},
    {
      get:
        (_, key: string) =>
        (values: Values = {}): string => {
          const { words, locale } = spoken();
          return written(words[key] ?? '', values, locale);
        },
    },
  );
