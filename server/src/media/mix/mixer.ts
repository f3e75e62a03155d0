import { BLOCK, Limiter } from './limiter.ts';
import { BLOCKS, FRAME } from './mix-frame.ts';
import type { MixFrame } from './mix-frame.ts';

/** Something that is mixed. */
export interface Source {
  readonly frame: MixFrame;
  /** Is there anything in it that is worth hearing? */
  readonly isOpen: boolean;
}

/** Adds sources up, frame by frame, and takes single ones out again. Its results are valid until the next frame. */
export class Mixer {
  readonly #limiter = new Limiter();
  readonly #gains = new Float32Array(FRAME);
  readonly #all = new Float32Array(FRAME);
  readonly #others = new Float32Array(FRAME);

  /** Takes the present frame of each source. Returns all that is open in them, at 48 kHz and within 16 bits. */
  mix(sources: ReadonlySet<Source>): Float32Array {
    this.#setGains(sources);
    const all = this.#all.fill(0);
    for (const source of sources) if (source.isOpen) this.#add(source, 1, all);
    return all;
  }

  /** The same without one of the sources. */
  without(source: Source | undefined): Float32Array {
    if (!source?.isOpen) return this.#all;
    this.#others.set(this.#all);
    this.#add(source, -1, this.#others);
    return this.#others;
  }

  #setGains(sources: ReadonlySet<Source>): void {
    for (let block = 0; block < BLOCKS; block++) {
      let peaks = 0;
      for (const { frame } of sources) peaks += frame.peaks[block + 1] ?? 0;
      const [from, to] = this.#limiter.next(peaks);
      const begin = block * BLOCK;
      for (let i = 0; i < BLOCK; i++) this.#gains[begin + i] = from + ((to - from) * i) / BLOCK;
    }
  }

  #add({ frame: { samples } }: Source, sign: 1 | -1, to: Float32Array): void {
    const gains = this.#gains;
    for (let i = 0; i < FRAME; i++) to[i] = (to[i] ?? 0) + sign * (samples[i] ?? 0) * (gains[i] ?? 0);
  }
}
