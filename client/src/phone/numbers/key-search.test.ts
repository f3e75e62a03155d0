import type { Colleague } from '@perch/shared';
import { expect, test } from 'vitest';
import { type KnownPeople, meantBy } from './key-search.ts';

const colleague = (number: string, name: string): Colleague => ({ number, name, state: 'available' });
const colleagues = [
  colleague('101', 'Ada Löw'),
  colleague('102', 'Ben Adams'),
  colleague('103', 'Zoë'),
  colleague('123', 'Jürgen van der Meer'),
  colleague('205', 'Sales 2nd floor'),
  colleague('301', 'יעל כהן'),
];
const numbers = (digits: string, known: Partial<KnownPeople> = {}): string =>
  meantBy(digits, { colleagues, favourites: [], recent: [], ...known })
    .map(({ number }) => number)
    .join(' ');

test.for<[keys: string, expected: string]>([
  // By number: the whole one, its beginning, any part.
  ['101', '101'],
  ['10', '101 102 103'],
  ['1', '101 102 103 123 301'],
  ['01', '101 301'],
  // By name: each word, and on from there; letters without their marks.
  ['232', '101 102'],
  ['569', '101'],
  ['232569', '101'],
  ['963', '103'],
  ['587436', '123'],
  ['337', '123'],
  ['826', '123'],
  ['725', '205'],
  ['72537263', '205'],
  // One key spells nobody, and what no number or name has is nobody’s.
  ['9', ''],
  ['999', ''],
  // Secrets come behind codes, which are never looked for.
  ['*30101', ''],
  ['#1', ''],
  ['', ''],
])('the keys %s mean %s', ([keys, expected]) => {
  expect(numbers(keys)).toBe(expected);
});

test('favourites come first, then those of past calls, the latest before others; but none before a better fit', () => {
  const recent = [
    { number: '103', name: 'Zoë' },
    { number: '101', name: 'Ada' },
    { number: '103', name: 'Zoë' },
  ];
  expect(numbers('10', { recent, favourites: ['102'] })).toBe('102 103 101');
  expect(numbers('1', { recent, favourites: ['301'] })).toBe('103 101 102 123 301');
  expect(numbers('232', { favourites: ['102'] })).toBe('102 101');
});

test('somebody who is only in the history is found once, and their state is unknown', () => {
  const recent = Array(2).fill({ number: '777', name: 'Pia' });
  expect(meantBy('742', { colleagues, favourites: [], recent })).toEqual([
    { number: '777', name: 'Pia', state: null },
  ]);
  const known = [{ number: '101', name: 'Ada, as she was called' }];
  expect(meantBy('101', { colleagues, favourites: [], recent: known })).toEqual([colleagues[0]]);
});
