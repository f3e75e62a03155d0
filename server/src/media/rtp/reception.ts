import type { ReportBlock } from './rtcp.ts';
import type { RtpPacket } from './rtp.ts';

/** A jump this far ahead, or this far behind, is a restart rather than loss (RFC 3550 §A.1). */
const MAX_DROPOUT = 3000;
const MAX_MISORDER = 100;

/** What has been received of one source, for report blocks (RFC 3550 §A.3, §A.8). */
export class Reception {
  readonly #ssrc: number;
  readonly #clock: number;
  /** The sequence number that counting began with; `#highest` counts on past 65535. */
  #first: number;
  #highest: number;
  #received = 0;
  #jitter = 0;
  #transit: number | undefined;
  #reported = { expected: 0, received: 0 };
  #senderReport: { readonly time: number; readonly at: number } | undefined;

  /** `clock` is the codec's, in units a second. */
  constructor(first: Pick<RtpPacket, 'ssrc' | 'sequence'>, clock: number) {
    this.#ssrc = first.ssrc;
    this.#clock = clock;
    this.#first = first.sequence;
    this.#highest = first.sequence;
  }

  get ssrc(): number {
    return this.#ssrc;
  }

  /** `now` in milliseconds. */
  receive({ sequence, timestamp }: Pick<RtpPacket, 'sequence' | 'timestamp'>, now: number): void {
    const distance = ((sequence - this.#highest) << 16) >> 16;
    if (distance > MAX_DROPOUT || distance < -MAX_MISORDER) {
      this.#first = this.#highest = sequence;
      this.#received = 0;
      this.#reported = { expected: 0, received: 0 };
    } else this.#highest += Math.max(0, distance);
    this.#received++;

    const transit = (now / 1000) * this.#clock - timestamp;
    if (this.#transit !== undefined) {
      // Timestamps wrap: differences count modulo 2^32.
      const difference = Math.abs((transit - this.#transit) | 0);
      this.#jitter += (difference - this.#jitter) / 16;
    }
    this.#transit = transit;
  }

  /** A sender report came from the source. */
  senderReport(time: number, now: number): void {
    this.#senderReport = { time, at: now };
  }

  /** The report on the time since the last one. */
  report(now: number): ReportBlock {
    const expected = this.#highest - this.#first + 1;
    const interval = {
      expected: expected - this.#reported.expected,
      received: this.#received - this.#reported.received,
    };
    this.#reported = { expected, received: this.#received };
    const lost = Math.max(0, interval.expected - interval.received);
    return {
      ssrc: this.#ssrc,
      fractionLost: interval.expected > 0 ? Math.min(255, Math.floor((lost * 256) / interval.expected)) : 0,
      packetsLost: expected - this.#received,
      highestSequence: this.#highest,
      jitter: Math.floor(this.#jitter),
      lastSenderReport: this.#senderReport?.time ?? 0,
      delaySinceLast: this.#senderReport ? Math.floor((now - this.#senderReport.at) * 65.536) : 0,
    };
  }
}
