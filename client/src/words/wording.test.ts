import { expect, test } from 'vitest';
import { written } from './wording.ts';

const MESSAGES = {
  count: {
    one: '{count} mesaj de la {who}',
    few: '{count} mesaje de la {who}',
    other: '{count} de mesaje de la {who}',
  },
};

test('values are put where their names are, each as often as it is named', () => {
  expect(written('{a} and {b}, {a}', { a: '*30', b: '{a}' }, 'en')).toBe('*30 and {a}, *30');
  expect(written('Nothing', {}, 'en')).toBe('Nothing');
});

test.for([
  [1, '1 mesaj de la Ada'],
  [2, '2 mesaje de la Ada'],
  [19, '19 mesaje de la Ada'],
  [20, '20 de mesaje de la Ada'],
  [101, '101 mesaje de la Ada'],
  [1_234, '1.234 de mesaje de la Ada'],
] as const)('the form of %d is that of the language', ([count, text]) => {
  expect(written(MESSAGES, { count, who: 'Ada' }, 'ro')).toBe(text);
});

test('a form that a language does without is that of the others', () => {
  expect(
    written({ count: { one: 'un message', other: '{count} messages' } }, { count: 2_000_000 }, 'fr'),
  ).toBe('2\u202f000\u202f000 messages');
});

test('a number is written as its language writes it, an extension as it is dialled', () => {
  expect(written('{count} · {extension}', { count: 12_345, extension: '12345' }, 'de')).toBe(
    '12.345 · 12345',
  );
});

test.for([
  [
    'a name from right to left, in a text from left to right',
    '{who} called 102',
    'יעל 3',
    '\u2068יעל 3\u2069 called 102',
  ],
  ['a number, in a text from right to left', 'שיחה: {who}', '+49 30 1', 'שיחה: \u2068+49 30 1\u2069'],
  ['what is written as the text is', '{who} called 102', 'Zoë Łuk', 'Zoë Łuk called 102'],
] as const)('%s, leaves the order of both', ([, wording, who, said]) => {
  expect(written(wording, { who }, 'en')).toBe(said);
});
