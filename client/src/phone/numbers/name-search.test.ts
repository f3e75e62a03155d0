import { expect, test } from 'vitest';
import { fits } from './name-search.ts';

test.for([
  ['ada', true],
  ['LOVE', true],
  ['Zoe', true],
  ['Zo\u00eb', true],
  ['Zoe\u0308', true],
  ['\u202dAda\u202c', true],
  ['Ａｄａ', true],
  ['ada  zo', true],
  ['101 Ada', true],
  ['10', true],
  ['1 0-1', true],
  ['١٠١', true],
  ['102', false],
  ['-', false],
  ['Ben', false],
] as const)('%j finds 101 Ada Zoë Lovelace: %s', ([text, found]) => {
  expect(fits({ number: '101', name: 'Ada Zoë Lovelace' }, text)).toBe(found);
});
