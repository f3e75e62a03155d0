import { expect, test } from 'vitest';
import { goneSince, type Health, healthOf, type ServerWord } from './health.ts';
import type { Line } from './line.ts';

const heard = (heardAt: number | null, registered = true): ServerWord => ({ heardAt, registered });

test.for<readonly [string, Line, ServerWord, Health]>([
  ['both agree', { kind: 'registered' }, heard(18_000), { kind: 'ready', age: 2_000 }],
  ['a clock set back', { kind: 'registered' }, heard(21_000), { kind: 'ready', age: 0 }],
  ['the server denies', { kind: 'registered' }, heard(18_000, false), { kind: 'unregistered', age: 2_000 }],
  [
    'the server has gone quiet',
    { kind: 'registered' },
    heard(8_000),
    { kind: 'offline', nextTryAt: null, lastHeard: 8_000 },
  ],
  [
    'the flow is lost',
    { kind: 'waiting', attempt: 1, nextTryAt: 25_000 },
    heard(19_000),
    { kind: 'offline', nextTryAt: 25_000, lastHeard: 19_000 },
  ],
  [
    'a try is under way',
    { kind: 'registering', attempt: 2 },
    heard(19_000),
    { kind: 'offline', nextTryAt: null, lastHeard: 19_000 },
  ],
])('%s', ([, line, word, health]) => {
  expect(healthOf(line, word, 20_000, 9_000)).toEqual(health);
});

test('a word that may have crossed the registration does not raise an alarm in the first 10 s', () => {
  const health = (begunAt: number) => healthOf({ kind: 'registered' }, heard(20_000, false), 20_000, begunAt);
  expect(health(10_001)).toEqual({ kind: 'starting' });
  expect(health(10_000)).toEqual({ kind: 'unregistered', age: 0 });
});

test.for<readonly [string, Line, ServerWord]>([
  ['does not connect', { kind: 'connecting', attempt: 0 }, heard(null)],
  ['is not registered', { kind: 'registering', attempt: 0 }, heard(19_000)],
  ['never hears the server', { kind: 'registered' }, heard(null)],
])('a page that %s within 10 s says that there is no connection', ([, line, word]) => {
  const { heardAt: lastHeard } = word;
  expect(healthOf(line, word, 20_000, 10_001)).toEqual({ kind: 'starting' });
  expect(healthOf(line, word, 20_000, 10_000)).toEqual({ kind: 'offline', nextTryAt: null, lastHeard });
});

test.for([
  ['a socket that closes', 9_000, 10_000, 10_000],
  ['silence', 1_000, 13_000, 1_000],
  ['a server that was never heard', null, 10_000, 10_000],
] as const)('a line found down by %s', ([, lastHeard, now, since]) => {
  expect(goneSince(lastHeard, now)).toBe(since);
});
