import type { Clock } from '../sip/transport/clock.ts';
import { isFull, leaked, withFailure } from './machines/password-throttle.ts';
import type { Bucket } from './machines/password-throttle.ts';

/** Who guesses wrong, by address and account, in a table that never outgrows its bound. */
export interface PasswordThrottle {
  allows(address: string, account: string): boolean;
  failed(address: string, account: string): void;
}

const MOST_BUCKETS = 10_000;

export function createPasswordThrottle(clock: Clock): PasswordThrottle {
  /** The one that failed last stands last. */
  const buckets = new Map<string, Bucket>();
  const keyOf = (address: string, account: string) => `${address} ${account}`;

  /** The longest without a failure goes first: it has leaked the most. */
  function makeRoom(at: number): void {
    for (const [key, bucket] of buckets) {
      if (buckets.size < MOST_BUCKETS && leaked(bucket, at) !== undefined) return;
      buckets.delete(key);
    }
  }

  return {
    // Asked for every request with credentials; most of the time, nobody has failed.
    allows: (address, account) =>
      buckets.size === 0 || !isFull(buckets.get(keyOf(address, account)), clock.monotonic()),
    failed(address, account) {
      const at = clock.monotonic();
      const key = keyOf(address, account);
      const bucket = withFailure(buckets.get(key), at);
      buckets.delete(key);
      makeRoom(at);
      buckets.set(key, bucket);
    },
  };
}
