import { expect, test } from 'vitest';
import { LatestKeys } from './latest-keys.ts';

const kept = (latest: LatestKeys<string>, keys: string): string =>
  [...keys].filter((key) => latest.has(key)).join('');

test('has the latest, so many at most', () => {
  const latest = new LatestKeys<string>(3);
  for (const key of 'abc') latest.add(key);
  expect(kept(latest, 'abc')).toBe('abc');
  for (const key of 'defg') latest.add(key);
  expect(kept(latest, 'abcdefg')).toBe('efg');
});

test('one that comes again takes the place of none', () => {
  const latest = new LatestKeys<string>(3);
  for (const key of 'abcaa') latest.add(key);
  expect(kept(latest, 'abc')).toBe('abc');
  latest.add('d');
  expect(kept(latest, 'abcd')).toBe('bcd');
});
