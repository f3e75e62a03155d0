import { copied } from '../collections/copied.ts';

/** How long a success is remembered (milliseconds). */
const LATELY_MS = 24 * 3_600_000;
/** A success is not recorded again within this time (milliseconds). */
const REFRESH_MS = 60_000;
const MOST_PAIRS = 20_000;

/** Which accounts have authenticated from which networks recently, in a table of bounded size. */
export class KnownPairs {
  /** In order of their latest recorded success. */
  readonly #seen = new Map<string, number>();

  /** @param at milliseconds, of any clock that never goes back. */
  add(key: string, at: number): void {
    const before = this.#seen.get(key);
    if (before !== undefined && at - before < REFRESH_MS) return;
    this.#seen.delete(key);
    const [oldest] = this.#seen.keys();
    if (oldest !== undefined && this.#seen.size >= MOST_PAIRS) this.#seen.delete(oldest);
    this.#seen.set(copied(key), at);
  }

  has(key: string, at: number): boolean {
    const seen = this.#seen.get(key);
    return seen !== undefined && at - seen < LATELY_MS;
  }
}
