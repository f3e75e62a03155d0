/** More than any phone says, even one whose page was left with a hundred calls; far less than would be felt by others. */
const MESSAGES_PER_SECOND = 500;
/** What a phone may say at once that has been silent; and by how much it may overdraw before it is cut off. */
const BURST = 1_000;

/**
 * How much a flow may say once we know whose it is: a bucket of tokens that refills with time (milliseconds, monotonic). Changed in
 * place, because every message asks.
 */
export class MessageBudget {
  #tokens = BURST;
  #filledAt: number;

  constructor(now: number) {
    this.#filledAt = now;
  }

  /** One more message. `overdrawn`: new work is to be put off; `spent`: nobody needs to listen any longer. */
  spend(now: number): 'kept' | 'overdrawn' | 'spent' {
    const refilled = this.#tokens + ((now - this.#filledAt) * MESSAGES_PER_SECOND) / 1000;
    this.#filledAt = now;
    this.#tokens = Math.min(refilled, BURST) - 1;
    if (this.#tokens >= 0) return 'kept';
    return this.#tokens >= -BURST ? 'overdrawn' : 'spent';
  }
}
