/**
 * Wrong passwords, counted for each pair of address and account: an attacker is slowed down, and cannot lock anybody
 * out who comes from elsewhere. A bucket of failures that leaks one at a time; pure, all times in milliseconds.
 */
export interface Bucket {
  readonly failures: number;
  readonly at: number;
}

export const THROTTLE = { failures: 10, forgivenEveryMs: 30_000 } as const;

/** What is left of a bucket at a later time; `undefined` once it is empty. */
export function leaked(bucket: Bucket | undefined, at: number): Bucket | undefined {
  if (bucket === undefined) return undefined;
  const forgiven = Math.floor((at - bucket.at) / THROTTLE.forgivenEveryMs);
  if (forgiven >= bucket.failures) return undefined;
  return {
    failures: bucket.failures - forgiven,
    at: bucket.at + forgiven * THROTTLE.forgivenEveryMs,
  };
}

export function isFull(bucket: Bucket | undefined, at: number): boolean {
  return (leaked(bucket, at)?.failures ?? 0) >= THROTTLE.failures;
}

export function withFailure(bucket: Bucket | undefined, at: number): Bucket {
  const left = leaked(bucket, at);
  return left === undefined ? { failures: 1, at } : { ...left, failures: left.failures + 1 };
}
