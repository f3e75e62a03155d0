import { expect, test } from 'vitest';
import { paidUntil, standing } from './message-budget.ts';

/** Sends messages in bursts; returns the verdicts on them and how often each came in a row. */
function talker(perSecond: number) {
  const rate = { perSecond, burst: 2 * perSecond };
  let paid = 0;
  return (count: number, now: number) => {
    const seen: [string, number][] = [];
    for (let at = 0; at < count; at++) {
      const verdict = standing(rate, (paid = paidUntil(rate, paid, now)), now);
      const last = seen.at(-1);
      if (last?.[0] === verdict) last[1]++;
      else seen.push([verdict, 1]);
    }
    return seen;
  };
}

test.each([1, 7, 500, 5_000])(
  'at %i a second, a burst is kept, as many more overdraw, and the rest are spent',
  (rate) => {
    expect(talker(rate)(4 * rate + 2, 123_456.789)).toEqual([
      ['kept', 2 * rate],
      ['overdrawn', 2 * rate],
      ['spent', 2],
    ]);
  },
);

test.each([1, 7, 500, 5_000])('after a burst, %i more a second are kept', (rate) => {
  const say = talker(rate);
  say(2 * rate, 1_000);
  for (const second of [2_000, 3_000, 4_000]) expect(say(rate, second)).toEqual([['kept', rate]]);
  expect(say(1, 4_000)).toEqual([['overdrawn', 1]]);
});

test('an hour of silence saves up no more than a burst', () => {
  const say = talker(500);
  say(1_500, 1_000);
  expect(say(1_001, 3_600_000)).toEqual([
    ['kept', 1_000],
    ['overdrawn', 1],
  ]);
});
