/** Cuts samples, in whatever pieces they come, into frames of one length. */
export class SampleFrames {
  readonly #length: number;
  #frame: Int16Array;
  #filled = 0;

  /** `length` is that of a frame, in samples. */
  constructor(length: number) {
    this.#length = length;
    this.#frame = new Int16Array(length);
  }

  /** The frames that are full now. */
  add(samples: Int16Array): Int16Array[] {
    const full: Int16Array[] = [];
    for (let at = 0; at < samples.length;) {
      const piece = samples.subarray(at, at + this.#length - this.#filled);
      this.#frame.set(piece, this.#filled);
      this.#filled += piece.length;
      at += piece.length;
      if (this.#filled === this.#length) full.push(this.#turn());
    }
    return full;
  }

  /** The unfinished frame, if any, padded with silence. */
  end(): Int16Array[] {
    return this.#filled > 0 ? [this.#turn()] : [];
  }

  #turn(): Int16Array {
    const frame = this.#frame;
    this.#frame = new Int16Array(this.#length);
    this.#filled = 0;
    return frame;
  }
}
