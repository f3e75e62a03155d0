import { amplitude } from '../codec/loudness.ts';

/** Samples in a block, 2.5 ms at 48 kHz: the limiter looks so far ahead. */
export const BLOCK = 120;

/** No sample of any mix comes nearer to full scale than this, in dB. */
const CEILING = 0x8000 * amplitude(-1);
/** Of what is missing to full gain, the part that comes back in a block: a third in 160 ms, too slow to be heard as pumping. */
const RELEASE = 0.006;

/**
 * One gain for everyone's sound, so that no mix of any of them clips. It is bound by the sum of the sources' peaks: with it the mix of all
 * stays below the ceiling, and so does every mix that leaves some out. One voice alone is never turned down unless it is at full scale itself.
 * PURE.
 */
export class Limiter {
  /** At the beginning of the block that comes next, and what its end allows. */
  #gain = 1;
  #allowed = 1;

  /**
   * The gains at the ends of the block before, between which they go in a straight line, once the sum of the sources' peaks in
   * the block after it is known.
   */
  next(peaks: number): readonly [from: number, to: number] {
    const from = this.#gain;
    const coming = peaks > CEILING ? CEILING / peaks : 1;
    const to = Math.min(this.#allowed, coming, from + (1 - from) * RELEASE);
    this.#gain = to;
    this.#allowed = coming;
    return [from, to];
  }
}
