import type { Random } from '../random.ts';

interface Nonce {
  readonly text: string;
  /** Milliseconds, monotonic. */
  readonly issuedAt: number;
}

/** Shared by all flows that wait for no answer, which is most flows most of the time. */
const NONE: readonly Nonce[] = [];

const LIFETIME_MS = 10 * 60_000;

/** Challenges that may wait for an answer: as many requests as a phone has under way before it has seen a first 401. */
const MOST_ISSUED = 4;

/** A flow as authentication keeps it. */
export interface NonceHolder {
  /** Made when the flow is first challenged: phones that show a token never need them. */
  nonces: FlowNonces | undefined;
}

/**
 * The nonces of one flow: one that was seen on another connection is worthless here. A flood of challenges holds no more
 * than a few. Instants (milliseconds, monotonic) and chance are arguments.
 */
export class FlowNonces {
  /** Not used yet, the oldest first. */
  #issued: readonly Nonce[] = NONE;
  /** The last that was used, when it was issued, and its highest count (RFC 7616 §3.4 `nc`). */
  #used: string | undefined;
  #usedIssuedAt = 0;
  #count = 0;

  /** A new nonce: 96 unguessable bits. */
  issue(now: number, random: Random): string {
    const text = random.token();
    // The newest gives way: if the oldest did, more requests than that would push each other out for ever.
    this.#issued = [...this.#issued.slice(0, MOST_ISSUED - 1), { text, issuedAt: now }];
    return text;
  }

  /**
   * May a nonce be used for the `count`th time? Not where it is expired, not issued to this flow, older than one used since, or
   * its count did not grow. The client then earns `stale=true`.
   */
  allows(text: string, count: number, now: number): boolean {
    if (text === this.#used) return count > this.#count && !isExpired(this.#usedIssuedAt, now);
    return this.#issued.some((nonce) => nonce.text === text && !isExpired(nonce.issuedAt, now));
  }

  /** Takes note of a use that is allowed. */
  use(text: string, count: number): void {
    if (text !== this.#used) {
      const at = this.#issued.findIndex((nonce) => nonce.text === text);
      this.#used = this.#issued[at]?.text;
      this.#usedIssuedAt = this.#issued[at]?.issuedAt ?? 0;
      this.#issued = at + 1 < this.#issued.length ? this.#issued.slice(at + 1) : NONE;
    }
    this.#count = count;
  }
}

const isExpired = (issuedAt: number, now: number): boolean => now - issuedAt > LIFETIME_MS;
