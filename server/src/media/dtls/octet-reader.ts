/** The octets end before the structure that they are read as. */
export class Truncated extends Error {
  override readonly name = 'Truncated';
}

/** Reads a structure in TLS's presentation language (RFC 5246 §4). Every method throws `Truncated` past the end. */
export class OctetReader {
  readonly #octets: Buffer;
  #at = 0;

  constructor(octets: Buffer) {
    this.#octets = octets;
  }

  /** How many octets have been read. */
  get at(): number {
    return this.#at;
  }

  get done(): boolean {
    return this.#at === this.#octets.length;
  }

  uint8(): number {
    return this.octets(1).readUInt8();
  }

  uint16(): number {
    return this.octets(2).readUInt16BE();
  }

  octets(count: number): Buffer {
    const octets = this.#octets.subarray(this.#at, this.#at + count);
    if (octets.length < count) throw new Truncated();
    this.#at += count;
    return octets;
  }

  /** A vector behind a length of 8 bits. */
  vector8(): Buffer {
    return this.octets(this.uint8());
  }

  /** A vector behind a length of 16 bits. */
  vector16(): Buffer {
    return this.octets(this.uint16());
  }

  /** A vector behind a length of 24 bits. */
  vector24(): Buffer {
    return this.octets(this.octets(3).readUIntBE(0, 3));
  }
}
