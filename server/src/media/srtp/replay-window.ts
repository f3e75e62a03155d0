/** Packets this far behind the newest one are refused unchecked; RFC 3711 §3.3.2 asks for at least 64. */
const WIDTH = 128;

/** Remembers which packet indices have been seen, so that none is taken twice (RFC 3711 §3.3.2). */
export class ReplayWindow {
  /** The last index seen in each slot; an index belongs to slot `index % WIDTH`. */
  readonly #seen = new Float64Array(WIDTH).fill(-1);
  #highest = -1;

  get highest(): number {
    return this.#highest;
  }

  /** False for an index seen before, and for one too old to tell. */
  isFresh(index: number): boolean {
    return index > this.#highest - WIDTH && this.#seen[index % WIDTH] !== index;
  }

  /** Call only once the packet is authenticated, or a forger could push the genuine ones out of the window. */
  see(index: number): void {
    this.#seen[index % WIDTH] = index;
    this.#highest = Math.max(this.#highest, index);
  }
}
