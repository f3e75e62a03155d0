/** A text with `{names}`, or for each plural form of the number of that name one of its own. */
export type Wording = string | Readonly<Record<string, Readonly<Record<string, string>>>>;
export type Words = Readonly<Record<string | number, Wording>>;
export type Values = Readonly<Record<string, string | number>>;

/** A wording with its values put in; numbers are written as the locale writes them. */
export function written(wording: Wording, values: Values, locale: string): string {
  return formOf(wording, values, locale).replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    return typeof value === 'number' ? value.toLocaleString(locale) : String(value);
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
