import { leaked, withFailure } from './machines/failure-bucket.ts';
import type { Bucket } from './machines/failure-bucket.ts';

const MOST_BUCKETS = 10_000;

/** Failures by whatever tells them apart, forgiven one at a time, in a table that never outgrows its bound. */
export class FailureBuckets {
  /** The one that failed last stands last. */
  readonly #buckets = new Map<string, Bucket>();

  /** @param at monotonic milliseconds. */
  count(key: string, at: number): number {
    // Asked for every request with credentials; most of the time, nobody has failed.
    return this.#buckets.size === 0 ? 0 : (leaked(this.#buckets.get(key), at)?.failures ?? 0);
  }

  add(key: string, at: number): void {
    const bucket = withFailure(this.#buckets.get(key), at);
    this.#buckets.delete(key);
    this.#makeRoom(at);
    this.#buckets.set(key, bucket);
  }

  /** The longest without a failure goes first: it has leaked the most. */
  #makeRoom(at: number): void {
    for (const [key, bucket] of this.#buckets) {
      if (this.#buckets.size < MOST_BUCKETS && leaked(bucket, at) !== undefined) return;
      this.#buckets.delete(key);
    }
  }
}
