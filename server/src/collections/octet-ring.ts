/** Taken from the system at a time, as they are needed; no text is kept longer than this. */
const CHUNK = 256 * 1024;

/**
 * Room for several rings, in pieces. Once all of it is in use, whichever ring has the most gives up its oldest piece for the next: what one of them has of an
 * equal share, none of the others can take.
 */
export class OctetPool {
  readonly #most: number;
  readonly #rings = new Set<OctetRing>();
  #taken = 0;

  /** `octets`: of how many it consists at most; 256 KiB at least. */
  constructor(octets: number) {
    this.#most = Math.max(1, Math.floor(octets / CHUNK));
  }

  ring(): OctetRing {
    const ring = new OctetRing((asking) => this.#pieceFor(asking));
    this.#rings.add(ring);
    return ring;
  }

  /** Octets that it has taken from the system. */
  get size(): number {
    return this.#taken * CHUNK;
  }

  #pieceFor(asking: OctetRing): Buffer {
    if (this.#taken < this.#most) {
      this.#taken++;
      return Buffer.allocUnsafeSlow(CHUNK);
    }
    // Of two that have as much, the one that asks.
    let fullest = asking;
    for (const ring of this.#rings) if (ring.pieces > fullest.pieces) fullest = ring;
    return fullest.giveUpOldest() ?? Buffer.allocUnsafeSlow(CHUNK);
  }
}

/**
 * Texts in a room outside of the heap, where each new one takes the place of the oldest once the pool has no more: kept as strings, they would cost the
 * collection of garbage ten times as much as writing them here. Each text is found by the position that `put` gives, until it is overwritten.
 */
export class OctetRing {
  readonly #take: (asking: OctetRing) => Buffer;
  /** By their numbers, from `#first` to `#begun`. */
  readonly #chunks = new Map<number, Buffer>();
  #first = 1;
  #begun = 0;
  /** How far the last one has been written. */
  #at = CHUNK;

  constructor(take: (asking: OctetRing) => Buffer) {
    this.#take = take;
  }

  /** How many pieces of the pool it has. */
  get pieces(): number {
    return this.#chunks.size;
  }

  /** Keeps octets, one code unit each; what is longer than 256 KiB is cut off. Hot path. */
  put(text: string): number {
    const length = Math.min(text.length, CHUNK);
    if (this.#at + length > CHUNK || !this.#chunks.has(this.#begun)) {
      const chunk = this.#take(this);
      this.#chunks.set(++this.#begun, chunk);
      this.#at = 0;
    }
    const position = (this.#begun - 1) * CHUNK + this.#at;
    this.#chunks.get(this.#begun)?.write(text, this.#at, length, 'latin1');
    this.#at += length;
    return position;
  }

  /** `undefined` once it was overwritten. */
  read(position: number, length: number): string | undefined {
    const start = position % CHUNK;
    return this.#chunkAt(position)?.toString('latin1', start, Math.min(start + length, CHUNK));
  }

  /** From now on nobody can read it. */
  wipe(position: number, length: number): void {
    const start = position % CHUNK;
    this.#chunkAt(position)?.fill(0, start, Math.min(start + length, CHUNK));
  }

  /** Its oldest piece, of which it has nothing any more; `undefined` where it has none. */
  giveUpOldest(): Buffer | undefined {
    const chunk = this.#chunks.get(this.#first);
    if (chunk === undefined) return undefined;
    this.#chunks.delete(this.#first++);
    // Nothing more goes into the last one.
    if (this.#first > this.#begun) this.#at = CHUNK;
    return chunk;
  }

  #chunkAt(position: number): Buffer | undefined {
    return this.#chunks.get(Math.floor(position / CHUNK) + 1);
  }
}
