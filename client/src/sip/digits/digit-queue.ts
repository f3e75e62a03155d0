import type { DigitsPath } from '../../phone/calls/digits-path.ts';

export interface DigitWays {
  /** The way that is open for the next key; `null` while there is none. */
  path(): DigitsPath | null;
  /** Resolves once the key has arrived or sounded (`true`), or could not be sent (`false`). Never rejects. */
  send(digit: string, path: DigitsPath): Promise<boolean>;
}

/**
 * Sends the keys of one call in the order in which they were pressed, each after the previous one has arrived, whichever
 * path each takes. While no path is open they wait.
 */
export class DigitQueue {
  readonly #ways: DigitWays;
  #waiting = '';
  #isSending = false;

  constructor(ways: DigitWays) {
    this.#ways = ways;
  }

  add(digit: string): void {
    this.#waiting += digit;
    this.resume();
  }

  /** Call it when a way may have opened. */
  resume(): void {
    if (!this.#isSending) void this.#run();
  }

  /** The call is over. */
  close(): void {
    this.#waiting = '';
  }

  async #run(): Promise<void> {
    this.#isSending = true;
    for (;;) {
      const digit = this.#waiting.charAt(0);
      const path = digit === '' ? null : this.#ways.path();
      if (path === null || !(await this.#ways.send(digit, path))) break;
      this.#waiting = this.#waiting.slice(1);
    }
    this.#isSending = false;
  }
}
