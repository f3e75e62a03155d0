import { expect, test } from 'vitest';
import { holdsFrames } from '../collections/support/held-memory.ts';
import { FailureBuckets } from './failure-buckets.ts';
import { KnownPairs } from './known-pairs.ts';

const keyIn = (frame: string) => `192.0.2.1 ${frame.slice(0, 40)}@${frame.slice(40, 80)}`;

test('failures and successes are remembered without keeping the message', () => {
  const [failures, pairs] = [new FailureBuckets(), new KnownPairs()];
  let last = '';
  expect(holdsFrames((frame) => failures.add((last = keyIn(frame)), 0))).toBe(false);
  expect(failures.count(last, 0)).toBe(1);
  expect(holdsFrames((frame) => pairs.add((last = keyIn(frame)), 0))).toBe(false);
  expect(pairs.has(last, 0)).toBe(true);
});
