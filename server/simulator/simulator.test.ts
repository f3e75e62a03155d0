import { expect, test } from 'vitest';
import { simulate } from './simulation.ts';

/** Seeds that failed once, and what it was. */
const KEPT: readonly (readonly [seed: number, what: string])[] = [
  [2, 'the wall clock was set back in a call, whose record then had a negative time'],
  [353, 'a call whose party had somebody else wait in its slot was shown for ever, and picked up in vain'],
  [364, 'a call with a service stayed on the network that its phone had left'],
  [780, 'after a restart with a clock that had been set back, a call was sent on before it had rung'],
  [34, 'a BYE that was answered while the disk was failing was owed for ever'],
  [48, 'a phone kept a line that had gone dead in silence for minutes after the server was started anew'],
  [
    671,
    'a call that asks where another one is parked, and has no record, was looked for when its phone was asked after it',
  ],
];

test.for([1, 7, 101, 158])('in an hour of seed %i all rules hold', async (seed) => {
  const { faults } = await simulate({ seed, hours: 1 });
  expect(faults).toEqual([]);
});

test.for(KEPT)('seed %i holds: %s', async ([seed]) => {
  const { faults } = await simulate({ seed, hours: 1 });
  expect(faults).toEqual([]);
});

test('the same seed is the same run, octet by octet, and another seed another one', async () => {
  const [one, again, other] = [
    await simulate({ seed: 5, hours: 0.1 }),
    await simulate({ seed: 5, hours: 0.1 }),
    await simulate({ seed: 6, hours: 0.1 }),
  ];
  expect(one.lines).toBeGreaterThan(500);
  expect(again.digest).toBe(one.digest);
  expect(other.digest).not.toBe(one.digest);
});
