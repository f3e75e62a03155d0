/** Milliseconds of sound in every frame that is sent. */
export const FRAME_MS = 20;

/** A codec in which sounds are stored; nothing is ever transcoded. */
export interface Codec {
  readonly name: 'opus' | 'pcmu';
  /** Encoding name, clock and channels as `a=rtpmap` has them. */
  readonly rtpmap: string;
  /** RTP timestamp units a second. */
  readonly clock: 8000 | 48_000;
  /** RTP timestamp units a frame. */
  readonly frame: number;
  /** Its `a=fmtp` parameters, if any. */
  readonly parameters?: string;
}

/** RFC 7587 §7: two channels in the rtpmap always, whatever is sent. */
export const OPUS: Codec = {
  name: 'opus',
  rtpmap: 'opus/48000/2',
  clock: 48_000,
  frame: 48 * FRAME_MS,
  parameters: 'minptime=10;useinbandfec=1',
};

/** RFC 3551 §4.5.14: payload type 0 by itself. */
export const PCMU: Codec = { name: 'pcmu', rtpmap: 'PCMU/8000', clock: 8000, frame: 8 * FRAME_MS };
