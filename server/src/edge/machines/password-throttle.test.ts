import { expect, test } from 'vitest';
import { isFull, leaked, THROTTLE, withFailure } from './password-throttle.ts';
import type { Bucket } from './password-throttle.ts';

const { failures, forgivenEveryMs } = THROTTLE;

test.for<[bucket: Bucket | undefined, at: number, left: number]>([
  [undefined, 0, 0],
  [{ failures: 1, at: 0 }, forgivenEveryMs - 1, 1],
  [{ failures: 1, at: 0 }, forgivenEveryMs, 0],
  [{ failures: 3, at: 0 }, forgivenEveryMs * 2, 1],
])('%j has leaked by %i to %i', ([bucket, at, left]) => {
  expect(leaked(bucket, at)?.failures ?? 0).toBe(left);
});

test('is full after so many failures, and not for one less', () => {
  let bucket: Bucket | undefined;
  for (let count = 1; count <= failures; count += 1) {
    expect(isFull(bucket, 0)).toBe(false);
    bucket = withFailure(bucket, 0);
  }
  expect(isFull(bucket, forgivenEveryMs - 1)).toBe(true);
  expect(isFull(bucket, forgivenEveryMs)).toBe(false);
});
