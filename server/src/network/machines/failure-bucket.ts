/**
 * Failures that are forgotten one at a time: an attacker is slowed down, and cannot keep others out for long. Pure, all times in
 * milliseconds.
 */
export interface Bucket {
  readonly failures: number;
  readonly at: number;
}

export const FORGIVEN_EVERY_MS = 30_000;

/** What is left of a bucket at a later time; `undefined` once it is empty. */
export function leaked(bucket: Bucket | undefined, at: number): Bucket | undefined {
  if (bucket === undefined) return undefined;
  const forgiven = Math.floor((at - bucket.at) / FORGIVEN_EVERY_MS);
  if (forgiven >= bucket.failures) return undefined;
  return { failures: bucket.failures - forgiven, at: bucket.at + forgiven * FORGIVEN_EVERY_MS };
}

export function withFailure(bucket: Bucket | undefined, at: number): Bucket {
  const left = leaked(bucket, at);
  return left === undefined ? { failures: 1, at } : { ...left, failures: left.failures + 1 };
}
