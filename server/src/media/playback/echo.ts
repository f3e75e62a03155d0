import { OPUS, PCMU } from '../codec/codec.ts';
import type { MediaSound } from '../endpoint.ts';

/** A packet this many frames from its place belongs to another time line: its source began anew, or stood still. */
const MOST_DRIFT = 50;

/**
 * Sends each packet back as it comes, without the delay of a jitter buffer: its jitter is left to the peer's own. The returned function
 * ends it.
 */
export function echo(endpoint: MediaSound): () => void {
  /** The frame at which the packet with that timestamp was sent. */
  let anchor: { readonly frame: number; readonly timestamp: number } | undefined;
  return endpoint.listen({
    packet({ timestamp, payload }) {
      if (payload.length === 0) return; // a key is not sound
      const units = endpoint.codec === 'pcmu' ? PCMU.frame : OPUS.frame;
      const { frame } = endpoint;
      let at = anchor ? anchor.frame + ((timestamp - anchor.timestamp) | 0) / units : frame;
      if (Math.abs(at - frame) > MOST_DRIFT) at = frame;
      if (!anchor || at === frame) anchor = { frame: at, timestamp };
      endpoint.send(payload, at);
    },
  });
}
