/**
 * The latest of many keys, so many at most. A `Set` alone knows which of its keys is the oldest, too, but finds it only past all that were deleted
 * since its table was last made: with a thousand keys that costs more than all else.
 */
export class LatestKeys<Key extends string> {
  readonly #most: number;
  readonly #keys = new Set<Key>();
  /** In the order in which they came, from the oldest at `#next` on. */
  readonly #order: Key[] = [];
  #next = 0;

  constructor(most: number) {
    this.#most = most;
  }

  has(key: Key): boolean {
    return this.#keys.has(key);
  }

  /** One that is there already stays where it is. */
  add(key: Key): void {
    if (this.#keys.has(key)) return;
    const oldest = this.#order[this.#next];
    if (oldest !== undefined) this.#keys.delete(oldest);
    this.#keys.add(key);
    this.#order[this.#next] = key;
    this.#next = (this.#next + 1) % this.#most;
  }
}
