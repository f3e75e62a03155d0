import { expect, test } from 'vitest';
import { isWithin, paidUntil, restAt, weightOf } from './message-budget.ts';

/** Sends messages in bursts; returns the verdicts on them and how often each came in a row. */
function talker(perSecond: number) {
  const rate = { perSecond, burst: 2 * perSecond };
  let paid = 0;
  return (count: number, now: number) => {
    const seen: [boolean, number][] = [];
    for (let at = 0; at < count; at++) {
      const verdict = isWithin(rate, (paid = paidUntil(rate, paid, now)), now);
      const last = seen.at(-1);
      if (last?.[0] === verdict) last[1]++;
      else seen.push([verdict, 1]);
    }
    return seen;
  };
}

test.each([1, 7, 500, 5_000])('at %i a second, a burst is within the rate, and the rest is not', (rate) => {
  expect(talker(rate)(2 * rate + 2, 123_456.789)).toEqual([
    [true, 2 * rate],
    [false, 2],
  ]);
});

test.each([1, 7, 500, 5_000])('after a burst, %i more a second are kept', (rate) => {
  const say = talker(rate);
  say(2 * rate, 1_000);
  for (const second of [2_000, 3_000, 4_000]) expect(say(rate, second)).toEqual([[true, rate]]);
  expect(say(1, 4_000)).toEqual([[false, 1]]);
});

test('an hour of silence saves up no more than a burst', () => {
  const say = talker(500);
  say(1_500, 1_000);
  expect(say(1_001, 3_600_000)).toEqual([
    [true, 1_000],
    [false, 1],
  ]);
});

test('a peer that is ahead of its rate rests until it has earned a tenth of a burst', () => {
  const rate = { perSecond: 500, burst: 1_000 };
  let paid = 0;
  for (let sent = 0; sent < 1_000; sent++) paid = paidUntil(rate, paid, 5_000);
  expect(restAt(rate, paid, 5_000)).toBe(0);
  paid = paidUntil(rate, paid, 5_000);
  const rest = restAt(rate, paid, 5_000);
  expect(rest).toBe(202);
  let more = 0;
  while (isWithin(rate, (paid = paidUntil(rate, paid, 5_000 + rest)), 5_000 + rest)) more++;
  expect(more).toBe(100);
});

test.each([
  [0, 1],
  [1_024, 1],
  [1_025, 2],
  [61_440, 60],
])('a message of %i octets counts as %i', (octets, weight) => {
  expect(weightOf(octets)).toBe(weight);
});

test('one that counts as several is paid for as long as these', () => {
  const rate = { perSecond: 500, burst: 1_000 };
  expect(paidUntil(rate, 0, 1_000, 60)).toBe(1_120);
  let several = 0;
  for (let at = 0; at < 60; at++) several = paidUntil(rate, several, 1_000);
  expect(paidUntil(rate, 0, 1_000, 60)).toBeCloseTo(several);
});
