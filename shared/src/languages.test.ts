import { expect, test } from 'vitest';
import { isLanguage, languageOf } from './languages.ts';

test.for([
  [['de-AT', 'en'], 'de'],
  [['nl', 'DE', 'en'], 'de'],
  [['en-GB', 'de'], 'en'],
  [['nl', 'ja'], 'en'],
  [[], 'en'],
  [['', '*', 'toString'], 'en'],
] as const)('of %j, %s is spoken', ([accepted, language]) => {
  expect(languageOf(accepted)).toBe(language);
});

test('nothing but a language is one', () => {
  expect(['de', 'de-AT', 'constructor', ''].map(isLanguage)).toEqual([true, false, false, false]);
});
