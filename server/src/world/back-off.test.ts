import { expect, test } from 'vitest';
import { backOff } from './back-off.ts';

const MINUTE_MS = 60_000;

test.for([
  [1, 1],
  [2, 2],
  [3, 4],
  [8, 128],
  [9, 240],
  [50, 240],
  [2_000, 240],
] as const)('after %i failed attempts, %i minutes pass, a quarter more or less', ([attempts, minutes]) => {
  expect(backOff(attempts, 0)).toBe(minutes * MINUTE_MS * 0.75);
  expect(backOff(attempts, 0.5)).toBe(minutes * MINUTE_MS);
  expect(backOff(attempts, 1)).toBe(minutes * MINUTE_MS * 1.25);
});
