import type { Chance } from '../../src/world/chance.ts';

/** A stream of numbers from a seed: the same seed gives the same numbers. xoshiro128**, as a digest for each would cost more than the run. */
export class Dice {
  readonly #state: Uint32Array;

  constructor(seed: string) {
    this.#state = Uint32Array.of(1, 2, 3, 4).map((salt) => hashOf(`${String(salt)} ${seed}`));
  }

  /** 32 random bits. */
  bits(): number {
    const state = this.#state;
    const [a = 0, b = 0, c = 0, d = 0] = state;
    const drawn = Math.imul(rotated(Math.imul(b, 5), 7), 9) >>> 0;
    state[2] = c ^ a;
    state[3] = d ^ b;
    state[1] = b ^ (c ^ a);
    state[0] = a ^ (d ^ b);
    state[2] ^= b << 9;
    state[3] = rotated(d ^ b, 11);
    return drawn;
  }

  /** Evenly spread from 0 up to, not including, 1. */
  fraction(): number {
    return this.bits() / 2 ** 32;
  }

  /** A whole number from 0 up to, not including, `limit`. */
  below(limit: number): number {
    return Math.floor(this.fraction() * limit);
  }

  /** From `least` up to `most`. */
  between(least: number, most: number): number {
    return least + this.fraction() * (most - least);
  }

  /** True once in so many times. */
  onceIn(times: number): boolean {
    return this.below(times) === 0;
  }

  pick<Item>(items: readonly Item[]): Item | undefined {
    return items[this.below(items.length)];
  }
}

/** Chance as the product takes it, from such a stream. */
export function chanceFrom(seed: string): Chance {
  const dice = new Dice(seed);
  function bytes(count: number): Buffer {
    const drawn = Buffer.alloc(count);
    for (let at = 0; at < count; at++) drawn[at] = dice.bits() >>> 24;
    return drawn;
  }
  const hex = (): string => dice.bits().toString(16).padStart(8, '0');
  return {
    bytes,
    fraction: () => dice.fraction(),
    token: () => hex() + hex() + hex(),
    id: () => {
      const [a, b, c, d] = [hex(), hex(), hex(), hex()];
      return `${a}-${b.slice(0, 4)}-4${b.slice(5)}-a${c.slice(1, 4)}-${c.slice(4)}${d}`;
    },
  };
}

const rotated = (word: number, by: number): number => (word << by) | (word >>> (32 - by));

/** FNV-1a, with a last stir. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}
