import type { Codec } from '../codec/codec.ts';

/** How far a timestamp may run ahead of the clock: packets arrive early and late. */
const LARGEST_LEAD_MS = 1000;

/** Where packets belong in time: by their RTP timestamps, as long as these agree with the clock. PURE. */
export class RecordingTimeline {
  /** The end of the last packet, by its timestamp and when it came. */
  #last: { readonly end: number; readonly at: number } | undefined;

  /**
   * The milliseconds missing before a packet of this duration that arrived `now`. Where timestamps start afresh (another source or codec, a
   * resumed call) or are wrong, the clock counts instead; where they go back, nothing is missing.
   */
  gapBefore(timestamp: number, durationMs: number, codec: Codec, now: number): number {
    const unitsPerMs = codec.clock / 1000;
    const last = this.#last;
    this.#last = { end: timestamp + durationMs * unitsPerMs, at: now };
    if (!last) return 0;
    const gap = ((timestamp - last.end) | 0) / unitsPerMs; // timestamps wrap
    const waited = now - last.at;
    if (gap >= 0 && gap <= waited + LARGEST_LEAD_MS) return gap;
    return Math.max(0, waited - durationMs);
  }
}
