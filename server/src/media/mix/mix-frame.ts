import { OPUS } from '../codec/codec.ts';
import { BLOCK } from './limiter.ts';

/** Samples in 20 ms at 48 kHz: what is mixed at a time. */
export const FRAME = OPUS.frame;
export const BLOCKS = FRAME / BLOCK;

/** One source's sound as the mixer takes it: 2.5 ms late, so that it is known how loud it is about to become. */
export class MixFrame {
  /** The frame that is mixed now, and the block after it; of 16 bits. */
  readonly samples = new Float32Array(FRAME + BLOCK);
  /** The largest sample of each of those blocks. */
  readonly peaks = new Float32Array(BLOCKS + 1);

  /** The next frame has come. Returns its mean square. */
  push(frame: Float32Array): number {
    const { samples, peaks } = this;
    samples.copyWithin(0, FRAME);
    samples.set(frame, BLOCK);
    peaks[0] = peaks[BLOCKS] ?? 0;
    let power = 0;
    for (let block = 1; block <= BLOCKS; block++) {
      let peak = 0;
      for (let i = block * BLOCK, end = i + BLOCK; i < end; i++) {
        const sample = samples[i] ?? 0;
        power += sample * sample;
        peak = Math.max(peak, Math.abs(sample));
      }
      peaks[block] = peak;
    }
    return power / FRAME;
  }
}
