import { expect, test } from 'vitest';
import { seededChance } from '../../world/seeded-chance.ts';
import { drawn, spellingsOf } from './spellings.ts';

test('codes differ, and use all twenty letters', () => {
  const chance = seededChance('codes');
  const codes = Array.from({ length: 200 }, () => drawn(chance));
  expect(new Set(codes.map(({ link }) => link)).size).toBe(200);
  expect(new Set(codes.flatMap(({ typed }) => [...typed])).size).toBe(20);
  for (const { link, typed } of codes) {
    expect(link).toMatch(/^[\w-]{22}$/);
    expect(typed).toMatch(/^[BCDFGHJKLMNPQRSTVWXZ]{8}$/);
  }
});

test.for(['WDJBMJHT', 'wdjb-mjht', ' wdjb mjht ', 'WDJB–MJHT'])(
  '"%s" is what a station shows as WDJB-MJHT',
  (text) => {
    expect(spellingsOf(text).typed).toBe('WDJBMJHT');
  },
);

test('in a link, every letter counts as it is', () => {
  const { link } = drawn(seededChance('a link'));
  expect(spellingsOf(` ${link}\n`).link).toBe(link);
  expect(spellingsOf(link.toLowerCase()).link).not.toBe(link);
});
