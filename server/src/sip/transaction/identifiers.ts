/** Begins a branch that is unique by itself (RFC 3261 §8.1.1.7). */
export const MAGIC_COOKIE = 'z9hG4bK';

/** Makes the identifiers of a layer from a source of numbers in [0, 1). */
export class Identifiers {
  readonly #random: () => number;
  readonly #prefix: string;
  #count = 0;

  constructor(random: () => number) {
    this.#random = random;
    this.#prefix = `${MAGIC_COOKIE}${this.newTag()}.`;
  }

  /** Never the same twice, and not predictable from an earlier one: a count, which is cheap, and 32 random bits. */
  newBranch(): string {
    this.#count++;
    return `${this.#prefix}${String(this.#count)}.${this.newTag()}`;
  }

  /** 32 random bits (RFC 3261 §19.3). */
  newTag(): string {
    return String(Math.trunc(this.#random() * 2 ** 32));
  }
}
