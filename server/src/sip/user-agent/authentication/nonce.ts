import type { Random } from '../random.ts';

interface Nonce {
  readonly text: string;
  /** Milliseconds, monotonic. */
  readonly issuedAt: number;
}

/** Most flows wait for no answer most of the time: they share this. */
const NONE: readonly Nonce[] = [];

const LIFETIME_MS = 10 * 60_000;

/** Challenges that wait for their answer at once: as many requests as a phone has under way before it has heard a first 401. */
const MOST_ISSUED = 4;

/**
 * The nonces of one flow: one that was seen on another connection is worthless here. A flood of challenges holds no more
 * than a few. Instants (milliseconds, monotonic) and chance are arguments.
 */
export class FlowNonces {
  /** Not used yet, the oldest first. */
  #issued: readonly Nonce[] = NONE;
  /** The last that was used, with its highest count (RFC 7616 §3.4 `nc`). */
  #used: Nonce | undefined;
  #count = 0;

  /** A new nonce: 96 bits that nobody can guess. */
  issue(now: number, random: Random): string {
    const text = random.token();
    // The newest gives way: if the oldest did, more requests than that would push each other out for ever.
    this.#issued = [...this.#issued.slice(0, MOST_ISSUED - 1), { text, issuedAt: now }];
    return text;
  }

  /**
   * Takes note that a nonce was used for the `count`th time. `false` where it may not be: expired, not issued to this
   * flow, older than one used since, or its count did not grow. The client then earns `stale=true`.
   */
  use(text: string, count: number, now: number): boolean {
    if (text === this.#used?.text) {
      if (isExpired(this.#used, now) || count <= this.#count) return false;
    } else {
      const at = this.#issued.findIndex((nonce) => nonce.text === text);
      const nonce = this.#issued[at];
      if (nonce === undefined || isExpired(nonce, now)) return false;
      this.#used = nonce;
      this.#issued = at + 1 < this.#issued.length ? this.#issued.slice(at + 1) : NONE;
    }
    this.#count = count;
    return true;
  }
}

const isExpired = ({ issuedAt }: Nonce, now: number): boolean => now - issuedAt > LIFETIME_MS;
