import { type Language, languages } from '@perch/shared';
import { expect, test } from 'vitest';
import { SPOKEN_NUMBERS } from './spoken-numbers.ts';

/** A number in the words of its sounds. */
const said = (language: Language, value: number): string => {
  const { words, sounds } = SPOKEN_NUMBERS[language];
  return sounds(value)
    .map((name) => words.get(name) ?? `no sound ${name}`)
    .join(' ');
};

test.for([
  ['en', 1, 'one'],
  ['en', 21, 'twenty one'],
  ['en', 100, 'one hundred'],
  ['en', 312, 'three hundred twelve'],
  ['de', 1, 'eine'],
  ['de', 7, 'sieben'],
  ['de', 16, 'sechzehn'],
  ['de', 21, 'einund zwanzig'],
  ['de', 70, 'siebzig'],
  ['de', 101, 'ein hundert eine'],
  ['de', 234, 'zwei hundert vierund dreißig'],
  ['es', 1, 'un'],
  ['es', 2, 'dos'],
  ['es', 21, 'veintiún'],
  ['es', 31, 'treinta y un'],
  ['es', 40, 'cuarenta'],
  ['es', 100, 'cien'],
  ['es', 101, 'ciento un'],
  ['es', 555, 'quinientos cincuenta y cinco'],
  ['fr', 1, 'un'],
  ['fr', 17, 'dix-sept'],
  ['fr', 21, 'vingt et un'],
  ['fr', 22, 'vingt deux'],
  ['fr', 70, 'soixante dix'],
  ['fr', 71, 'soixante et onze'],
  ['fr', 75, 'soixante quinze'],
  ['fr', 80, 'quatre-vingts'],
  ['fr', 81, 'quatre-vingts un'],
  ['fr', 91, 'quatre-vingts onze'],
  ['fr', 100, 'cent'],
  ['fr', 299, 'deux cent quatre-vingts dix-neuf'],
  ['ro', 1, 'un'],
  ['ro', 2, 'două'],
  ['ro', 12, 'douăsprezece'],
  ['ro', 20, 'douăzeci de'],
  ['ro', 21, 'douăzeci și unu de'],
  ['ro', 42, 'patruzeci și două de'],
  ['ro', 100, 'o sută de'],
  ['ro', 101, 'o sută unu'],
  ['ro', 112, 'o sută douăsprezece'],
  ['ro', 345, 'trei sute patruzeci și cinci de'],
] as const)('in %s, %i in front of messages is "%s"', ([language, value, words]) => {
  expect(said(language, value)).toBe(words);
});

test.for(languages)(
  'every number to 999 has sounds in %s, its digits too, and no two sound alike',
  (language) => {
    const all = Array.from({ length: 1000 }, (_, value) => said(language, value));
    expect(all.filter((words) => words.includes('no sound'))).toEqual([]);
    expect(new Set(all).size).toBe(1000);
    expect(
      [...'0123456789'].filter((digit) => !SPOKEN_NUMBERS[language].words.has(`digit-${digit}`)),
    ).toEqual([]);
  },
);
