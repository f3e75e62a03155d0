import { networkOf } from '../network/address.ts';
import { FailureBuckets } from '../network/failure-buckets.ts';
import { KnownPairs } from '../network/known-pairs.ts';
import type { Clock } from '../sip/transport/clock.ts';

/** Wrong passwords of one account from one network; each is forgiven after a time. */
const MOST_FAILURES = 10;

/**
 * Who guesses wrong, by network and account. Behind one address may be a whole house: where a phone has proven itself
 * lately, the right password is still let through when somebody else there has guessed wrong too often. The passwords are ours
 * and too long to guess; what is wrong is refused as before.
 */
export interface PasswordThrottle {
  /** @param right whether the password is. */
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
