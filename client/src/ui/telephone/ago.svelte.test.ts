import { afterEach, expect, test } from 'vitest';
import { needWords, speak } from '../../words/messages.svelte.ts';
import { agoOf, dayInWords } from './ago.ts';

afterEach(() => speak('en'));

const NOW = new Date(2026, 10, 27, 12).getTime();
const MINUTE = 60_000;

test.for([
  [-5 * MINUTE, 'now'],
  [30_000, 'now'],
  [5 * MINUTE, '5 min. ago'],
  [3 * 60 * MINUTE, '3 hr. ago'],
  [24 * 60 * MINUTE, ''],
] as const)('%s ms ago: %s', ([ms, words]) => {
  expect(agoOf(NOW - ms, NOW)).toBe(words);
});

test('days are told by their distance, as long as people do', () => {
  const midnight = (day: number) => new Date(2026, 10, day).getTime();
  expect([27, 26, 25].map((day) => dayInWords(midnight(day), NOW))).toEqual([
    'today',
    'yesterday',
    expect.stringContaining('25'),
  ]);
});

test('both follow the language', async () => {
  await needWords('first');
  await speak('de');
  expect([agoOf(NOW - 5 * MINUTE, NOW), dayInWords(new Date(2026, 10, 26).getTime(), NOW)]).toEqual([
    'vor 5 Min.',
    'gestern',
  ]);
});
