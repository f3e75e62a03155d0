import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { languages } from '@perch/shared';
import { describe, expect, test } from 'vitest';
import { misprints } from '../../shared/src/support/typography.ts';
import { catalogueOf, parametersOf, type Text, wordings } from './catalogue.ts';
import { SAME_WORDS } from './same-words.ts';

const english = catalogueOf('en');
const pluralForms = (language: string): readonly string[] =>
  new Intl.PluralRules(language)
    .resolvedOptions()
    // Of millions, which have a form of their own in some languages, there is never any talk here.
    .pluralCategories.filter((form) => form !== 'many')
    .toSorted();
const isCounted = (text: Text): text is Exclude<Text, string> => typeof text !== 'string';

test('each text is said by a page, or by what is beside it', () => {
  const client = fileURLToPath(new URL('..', import.meta.url));
  const sources = globSync(['{src,service-worker}/**/*.{ts,svelte,html}', 'catalogue/manifest.ts'], {
    cwd: client,
    exclude: (path) => /\.test\.ts$|words\/texts\.ts$/.test(path),
  });
  const named = new Set(sources.flatMap((path) => readFileSync(client + path, 'utf8').match(/\w+/g) ?? []));
  expect(Object.keys(english).filter((key) => !named.has(key))).toEqual([]);
});

describe.for(languages)('in %s', (language) => {
  const catalogue = catalogueOf(language);
  const texts = Object.entries(catalogue);

  test('there is each text, in the order of the English ones, and no other', () => {
    expect(Object.keys(catalogue)).toEqual(Object.keys(english));
  });

  test('each text says all that the English one does', () => {
    const parameters = (of: typeof catalogue) =>
      Object.fromEntries(Object.keys(english).map((key) => [key, parametersOf(of[key] ?? '')]));
    expect(parameters(catalogue)).toEqual(parameters(english));
  });

  test('a text that depends on a number has a form for each kind of number', () => {
    const forms = texts
      .filter(([, text]) => isCounted(text))
      .map(([key, text]) => [
        key,
        ...Object.values(text).map((each) => Object.keys(each as object).toSorted()),
      ]);
    expect(forms).toEqual(
      Object.entries(english)
        .filter(([, text]) => isCounted(text))
        .map(([key]) => [key, pluralForms(language)]),
    );
  });

  test('nothing is empty, and all is set as the language is', () => {
    const wrong = texts.flatMap(([key, text]) =>
      wordings(text).flatMap((wording) => misprints(language, wording).map((what) => `${key}: ${what}`)),
    );
    expect(wrong).toEqual([]);
    expect(texts.filter(([, text]) => wordings(text).includes(''))).toEqual([]);
  });

  test.runIf(language !== 'en')('nothing is left in English but words that are the same in both', () => {
    const same = Object.keys(english).filter(
      (key) => JSON.stringify(catalogue[key]) === JSON.stringify(english[key]),
    );
    const meant = [...SAME_WORDS.all, ...SAME_WORDS[language]];
    expect(same.filter((key) => !meant.includes(key))).toEqual([]);
    expect(SAME_WORDS[language].filter((key) => !same.includes(key))).toEqual([]);
  });
});
