import fc from 'fast-check';
import { expect, test } from 'vitest';
import { heightsOf, peaksOf } from './waveform.ts';

test('a part shows its loudest moment, whichever way it swings', () => {
  expect(peaksOf([0, 0.2, -0.9, 0.1, 0.3, -0.3], 3)).toEqual([0.2, 0.9, 0.3]);
});

test('every sample is in the picture, and nothing else is', () => {
  const samples = fc.array(fc.float({ min: -1, max: 1, noNaN: true }), { minLength: 1, maxLength: 300 });
  fc.assert(
    fc.property(samples, fc.integer({ min: 1, max: 80 }), (sound, count) => {
      const peaks = peaksOf(sound, count);
      expect(peaks).toHaveLength(count);
      expect(Math.max(...peaks)).toBe(Math.max(...sound.map(Math.abs)));
      for (const peak of peaks) expect(sound.map(Math.abs)).toContain(peak);
    }),
  );
});

test('without samples the picture is flat', () => {
  expect(peaksOf([], 3)).toEqual([0, 0, 0]);
});

test('a quiet recording fills the picture as a loud one does', () => {
  expect(heightsOf([0.01, 0.04], 2)).toEqual([0.5, 1]);
  expect(heightsOf([0.25, 1], 2)).toEqual([0.5, 1]);
});

test('silence is not made to look like speech', () => {
  expect(heightsOf([0.001, 0.002], 2)).toEqual([0, 0]);
});
