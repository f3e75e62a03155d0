import { FailureBuckets } from '../../network/failure-buckets.ts';
import { KnownPairs } from '../../network/known-pairs.ts';

/** Wrong passwords for one account, from all networks together, after which sign-in from unknown networks is slowed. */
const SLOW_FROM = 10;
/** How many wrong passwords each network then has. Failures are forgotten one at a time. */
const MOST_OF_NETWORK = 3;
/** By how much each further failure of the account delays the next try (milliseconds). */
const WAIT_PER_FAILURE_MS = 250;
/** Less than the 15 s after which a page gives up (milliseconds). */
const LONGEST_WAIT_MS = 8_000;

/**
 * Limits how fast an account's password can be guessed from many addresses together. It cannot be used to lock the owner out: a
 * network from which they have signed in recently is not slowed, and any other network still has a few delayed tries.
 */
export class SignInPace {
  readonly #failures = new FailureBuckets();
  readonly #known = new KnownPairs();
  readonly #now: () => number;

  /** @param now monotonic milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** @returns how long a try has to wait (milliseconds), or that there were too many from this network. */
  waitFor(account: string, network: string): number | 'too-many' {
    const at = this.#now();
    if (this.#known.has(`${network} ${account}`, at)) return 0;
    const failures = this.#failures.count(account, at);
    if (failures < SLOW_FROM) return 0;
    if (this.#failures.count(`${network} ${account}`, at) >= MOST_OF_NETWORK) return 'too-many';
    return Math.min(LONGEST_WAIT_MS, (failures - SLOW_FROM + 1) * WAIT_PER_FAILURE_MS);
  }

  failed(account: string, network: string): void {
    const at = this.#now();
    this.#failures.add(account, at);
    this.#failures.add(`${network} ${account}`, at);
  }

  succeeded(account: string, network: string): void {
    this.#known.add(`${network} ${account}`, this.#now());
  }
}
