/** Keys by event code (RFC 4733 §3.2, table 3). */
const KEYS = '0123456789*#ABCD';
/** A key held longer than this many timestamp units continues as a new segment (RFC 4733 §2.5.1.3). */
const LONGEST_SEGMENT = 0xffff;
/** A segment should begin where the last one ended; browsers begin it with their next packet. */
const SEGMENT_DELAY = 4096;
/** How many past events are remembered against late and repeated packets: half a second of the fastest dialling. */
const REMEMBERED = 16;

/** A DTMF packet as received: RTP's fields and the 4 octets of RFC 4733 §2.3. */
export interface TelephoneEventPacket {
  readonly ssrc: number;
  readonly timestamp: number;
  readonly payload: Uint8Array;
}

/**
 * Telephone-event receiver (RFC 4733): a press is all packets of one (SSRC, timestamp), and counts on the first of
 * them that arrives. So it needs no timer, whichever packets are lost, and repeats, including the three end packets,
 * are ignored.
 */
export class TelephoneEventReceiver {
  /** Newest last. */
  readonly #recent: { ssrc: number; timestamp: number; event: number; ended: boolean }[] = [];

  /** The key that was just pressed, or undefined if the packet belongs to a press already known or to no key. */
  receive({ ssrc, timestamp, payload }: TelephoneEventPacket): string | undefined {
    const [event, flags] = payload;
    if (event === undefined || flags === undefined || payload.length < 4) return undefined;
    const ended = (flags & 0x80) !== 0;

    const known = this.#recent.find((press) => press.ssrc === ssrc && press.timestamp === timestamp);
    if (known) {
      known.ended ||= ended;
      return undefined;
    }
    const last = this.#recent.at(-1);
    const sinceLast = last ? (timestamp - last.timestamp) >>> 0 : 0;
    const continues =
      last !== undefined &&
      !last.ended &&
      last.ssrc === ssrc &&
      last.event === event &&
      sinceLast >= LONGEST_SEGMENT &&
      sinceLast <= LONGEST_SEGMENT + SEGMENT_DELAY;
    this.#recent.push({ ssrc, timestamp, event, ended });
    if (this.#recent.length > REMEMBERED) this.#recent.shift();
    return continues ? undefined : KEYS[event];
  }
}
