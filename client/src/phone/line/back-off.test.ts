import { expect, test } from 'vitest';
import { pauseAfter } from './back-off.ts';

test.for([
  [0, 0, 500],
  [0, 1, 1_000],
  [1, 1, 2_000],
  [4, 0.5, 12_000],
  [5, 1, 30_000],
  [1_000, 0, 15_000],
  [1_000, 1, 30_000],
] as const)('attempt %i with chance %f waits %i ms', ([attempt, chance, ms]) => {
  expect(pauseAfter(attempt, chance)).toBe(ms);
});
