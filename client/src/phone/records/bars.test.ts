import fc from 'fast-check';
import { expect, test } from 'vitest';
import { scaleFor, stacked } from './bars.ts';

test.each([
  [0, 1],
  [1, 1],
  [3, 4],
  [10, 10],
  [11, 20],
  [49, 60],
  [5_001, 6_000],
])('up to %i, the scale ends at %i', (highest, end) => {
  expect(scaleFor(highest)).toBe(end);
});

test('bars stand on each other, and the highest fits', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(10_000), { minLength: 1 }), (values) => {
      const sum = values.reduce((one, other) => one + other, 0);
      const scale = scaleFor(sum);
      const bars = stacked(values, scale);
      bars.slice(1).forEach(({ from }, index) => {
        expect(from).toBeCloseTo((bars[index]?.from ?? NaN) + (bars[index]?.height ?? NaN));
      });
      const top = (bars.at(-1)?.from ?? NaN) + (bars.at(-1)?.height ?? NaN);
      expect(top).toBeCloseTo(sum / scale);
      expect(top).toBeLessThanOrEqual(1 + 1e-9);
    }),
  );
});
