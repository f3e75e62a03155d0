export interface Rate {
  readonly perSecond: number;
  /** What a peer may say at once that has been silent; and by how much it may overdraw before it is cut off. */
  readonly burst: number;
}

/**
 * How much a connection may say once we know whose it is: a bucket of tokens that refills with time (milliseconds, monotonic). Changed in
 * place, because every message asks.
 */
export class MessageBudget {
  readonly #rate: Rate;
  #tokens: number;
  #filledAt: number;

  constructor(rate: Rate, now: number) {
    this.#rate = rate;
    this.#tokens = rate.burst;
    this.#filledAt = now;
  }

  /** One more message. `overdrawn`: new work is to be put off; `spent`: nobody needs to listen any longer. */
  spend(now: number): 'kept' | 'overdrawn' | 'spent' {
    const { perSecond, burst } = this.#rate;
    const refilled = this.#tokens + ((now - this.#filledAt) * perSecond) / 1000;
    this.#filledAt = now;
    this.#tokens = Math.min(refilled, burst) - 1;
    if (this.#tokens >= 0) return 'kept';
    return this.#tokens >= -burst ? 'overdrawn' : 'spent';
  }
}
