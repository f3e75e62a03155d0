import { expect, test } from 'vitest';
import { type Quality, qualityOf } from './quality.ts';

test.for<readonly [string, number, number, number, Quality]>([
  ['a quiet local network', 0, 2, 5, 'good'],
  ['the other side of the world', 0, 5, 280, 'good'],
  ['a satellite', 0, 10, 600, 'fair'],
  ['a lost packet in fifty', 0.02, 5, 40, 'fair'],
  ['one in ten', 0.1, 20, 60, 'poor'],
  ['a crowded radio', 0.04, 80, 400, 'poor'],
])('%s', ([, loss, jitterMs, roundTripMs, quality]) => {
  expect(qualityOf({ loss, jitterMs, roundTripMs })).toBe(quality);
});
