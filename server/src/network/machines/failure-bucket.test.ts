import { expect, test } from 'vitest';
import { FORGIVEN_EVERY_MS, leaked, withFailure } from './failure-bucket.ts';
import type { Bucket } from './failure-bucket.ts';

test.for<[bucket: Bucket | undefined, at: number, left: number]>([
  [undefined, 0, 0],
  [{ failures: 1, at: 0 }, FORGIVEN_EVERY_MS - 1, 1],
  [{ failures: 1, at: 0 }, FORGIVEN_EVERY_MS, 0],
  [{ failures: 3, at: 0 }, FORGIVEN_EVERY_MS * 2, 1],
])('%j has leaked by %i to %i', ([bucket, at, left]) => {
  expect(leaked(bucket, at)?.failures ?? 0).toBe(left);
});

test('a failure is added to what is left', () => {
  const bucket = withFailure(withFailure(undefined, 0), 0);
  expect(bucket).toEqual({ failures: 2, at: 0 });
  expect(withFailure(bucket, FORGIVEN_EVERY_MS)).toEqual({ failures: 2, at: FORGIVEN_EVERY_MS });
  expect(withFailure(bucket, FORGIVEN_EVERY_MS * 5)).toEqual({ failures: 1, at: FORGIVEN_EVERY_MS * 5 });
});
