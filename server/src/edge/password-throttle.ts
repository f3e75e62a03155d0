import { networkOf } from '../network/address.ts';
import { FailureBuckets } from '../network/failure-buckets.ts';
import { KnownPairs } from '../network/known-pairs.ts';
import type { Clock } from '../world/clock.ts';

/** Wrong passwords for one account from one network; each is forgotten after a while. */
const MOST_FAILURES = 10;

/**
 * Counts wrong passwords by network and account. Many phones may share one address: where one has authenticated recently, the right
 * password is still accepted although someone else at that address has used up the limit. This does not help guessing, as the server
 * makes the passwords, and they are long; wrong ones are refused as before.
 */
export interface PasswordThrottle {
  /** @param right whether the password is right. */
  allows(address: string, account: string, right: boolean): boolean;
  failed(address: string, account: string): void;
  succeeded(address: string, account: string): void;
}

export function createPasswordThrottle(clock: Clock): PasswordThrottle {
  const failures = new FailureBuckets();
  const known = new KnownPairs();
  const keyOf = (address: string, account: string) => `${networkOf(address)} ${account}`;

  return {
    allows: (address, account, right) => {
      const [key, at] = [keyOf(address, account), clock.monotonic()];
      return failures.count(key, at) < MOST_FAILURES || (right && known.has(key, at));
    },
    failed: (address, account) => {
      failures.add(keyOf(address, account), clock.monotonic());
    },
    succeeded: (address, account) => {
      known.add(keyOf(address, account), clock.monotonic());
    },
  };
}
