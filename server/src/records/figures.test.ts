import { added, figuresOf, NOTHING, type Sums } from '@perch/shared';
import fc from 'fast-check';
import { expect, test } from 'vitest';

const sums: fc.Arbitrary<Sums> = fc.record(
  Object.fromEntries(Object.keys(NOTHING).map((key) => [key, fc.nat(1_000)])) as {
    [key in keyof Sums]: fc.Arbitrary<number>;
  },
);

test('sums can be added in any order, and nothing changes none of them', () => {
  fc.assert(
    fc.property(sums, sums, sums, (one, two, three) => {
      expect(added(added(one, two), three)).toEqual(added(one, added(three, two)));
      expect(added(NOTHING, one)).toEqual(one);
    }),
  );
});

test('where there is nothing to divide by there is no figure, not a zero', () => {
  const { answerRate, averageHandleMs, averageAnswerMs, callsPerHour, occupancy, handled } = figuresOf(
    NOTHING,
    0,
  );
  expect([answerRate, averageHandleMs, averageAnswerMs, callsPerHour, occupancy]).toEqual(
    Array(5).fill(null),
  );
  expect(handled).toBe(0);
});
