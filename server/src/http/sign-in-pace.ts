import { FailureBuckets } from '../network/failure-buckets.ts';
import { KnownPairs } from '../network/known-pairs.ts';

/** Wrong passwords for one account, from wherever, from which on everybody is slowed who is not known there. */
const SLOW_FROM = 10;
/** And how often each network may then be wrong; all failures are forgiven one at a time. */
const MOST_OF_NETWORK = 3;
/** A try waits for so much more with each further failure of the account (milliseconds). */
const WAIT_PER_FAILURE_MS = 250;
/** A page gives up after 15 s (milliseconds). */
const LONGEST_WAIT_MS = 8_000;

/**
 * How fast an account's password may be guessed from many addresses together. Nobody can be locked out by it: whoever has
 * signed in from their network lately is not slowed, and anybody else has a few tries that wait.
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
