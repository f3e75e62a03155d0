import { copied } from '../collections/copied.ts';
import { leaked, withFailure } from './machines/failure-bucket.ts';
import type { Bucket } from './machines/failure-bucket.ts';

const MOST_BUCKETS = 10_000;

/** Counts failures by key and forgets them one at a time, in a table of bounded size. */
export class FailureBuckets {
  /** In order of their latest failure. */
  readonly #buckets = new Map<string, Bucket>();

  /** @param at monotonic milliseconds. */
  count(key: string, at: number): number {
    // Called for every request with credentials; most of the time there are no failures.
    return this.#buckets.size === 0 ? 0 : (leaked(this.#buckets.get(key), at)?.failures ?? 0);
  }

  add(key: string, at: number): void {
    const bucket = withFailure(this.#buckets.get(key), at);
    this.#buckets.delete(key);
    this.#makeRoom(at);
    this.#buckets.set(copied(key), bucket);
  }

  /** Removes empty buckets, and where there are too many, those whose latest failure is the oldest. */
  #makeRoom(at: number): void {
    for (const [key, bucket] of this.#buckets) {
      if (this.#buckets.size < MOST_BUCKETS && leaked(bucket, at) !== undefined) return;
      this.#buckets.delete(key);
    }
  }
}
