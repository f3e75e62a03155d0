/** Taken from the system at a time, as they are needed; no text is kept longer than this. */
const CHUNK = 256 * 1024;

/**
 * Texts in a fixed room outside of the heap, where each new one takes the place of the oldest: kept as strings, they would cost the collection
 * of garbage ten times as much as writing them here. Each text is found by the position that `put` gives, until it is overwritten.
 */
export class OctetRing {
  readonly #most: number;
  readonly #chunks: Buffer[] = [];
  /** Chunks that have been begun, and how far the last one has been written. */
  #begun = 0;
  #at = CHUNK;

  /** `octets`: of how many it consists at most; 256 KiB at least. */
  constructor(octets: number) {
    this.#most = Math.max(1, Math.floor(octets / CHUNK));
  }

  /** Keeps octets, one code unit each; what is longer than 256 KiB is cut off. Hot path. */
  put(text: string): number {
    const length = Math.min(text.length, CHUNK);
    if (this.#at + length > CHUNK || this.#begun === 0) {
      this.#begun++;
      this.#at = 0;
      if (this.#chunks.length < this.#most) this.#chunks.push(Buffer.allocUnsafeSlow(CHUNK));
    }
    const position = (this.#begun - 1) * CHUNK + this.#at;
    this.#chunkOf(this.#begun)?.write(text, this.#at, length, 'latin1');
    this.#at += length;
    return position;
  }

  /** `undefined` once it was overwritten. */
  read(position: number, length: number): string | undefined {
    const chunk = Math.floor(position / CHUNK) + 1;
    if (chunk <= this.#begun - this.#most) return undefined;
    const start = position % CHUNK;
    return this.#chunkOf(chunk)?.toString('latin1', start, Math.min(start + length, CHUNK));
  }

  /** From now on nobody can read it. */
  wipe(position: number, length: number): void {
    const chunk = Math.floor(position / CHUNK) + 1;
    if (chunk <= this.#begun - this.#most) return;
    const start = position % CHUNK;
    this.#chunkOf(chunk)?.fill(0, start, Math.min(start + length, CHUNK));
  }

  /** Octets that it has taken from the system. */
  get size(): number {
    return this.#chunks.length * CHUNK;
  }

  #chunkOf(begun: number): Buffer | undefined {
    return this.#chunks[(begun - 1) % this.#most];
  }
}
