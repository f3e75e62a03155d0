import type { Chance } from '../../world/chance.ts';
import type { Codec } from '../codec/codec.ts';
import { Reception } from './reception.ts';
import { senderReportTime, writeReport } from './rtcp.ts';
import { writeRtp } from './rtp.ts';
import type { RtpPacket } from './rtp.ts';

/** One endpoint's own source and its reception of the peer's (RFC 3550 §2), in the clear, without addresses. */
export class RtpSession {
  readonly ssrc: number;
  /**
   * Sequence numbers and timestamps start at random (RFC 3550 §5.1), sequence numbers in the lower half, so that a peer who
   * misses the first packets does not miss a rollover with them (RFC 3711 §3.3.1).
   */
  #sequence: number;
  readonly #offset: number;
  #packets = 0;
  #octets = 0;
  #reception: Reception | undefined;

  constructor(chance: Chance) {
    this.ssrc = chance.bytes(4).readUInt32BE();
    this.#sequence = chance.bytes(2).readUInt16BE() >>> 1;
    this.#offset = chance.bytes(4).readUInt32BE();
  }

  /** The RTP timestamp of a frame by the pacer's count: it runs on through silence. */
  timestamp(codec: Codec, frame: number): number {
    return Math.round(this.#offset + frame * codec.frame) >>> 0;
  }

  /** The next packet; `marker` after silence (RFC 3551 §4.1). */
  write(payloadType: number, payload: Uint8Array, timestamp: number, marker: boolean): Buffer {
    this.#sequence = (this.#sequence + 1) & 0xffff;
    this.#packets++;
    this.#octets += payload.length;
    return writeRtp({ marker, payloadType, sequence: this.#sequence, timestamp, ssrc: this.ssrc, payload });
  }

  /** A packet of the peer's arrived; `now` in milliseconds. A new source takes the old one's place. */
  receive(packet: RtpPacket, codec: Codec, now: number): void {
    if (this.#reception?.ssrc !== packet.ssrc) this.#reception = new Reception(packet, codec.clock);
    this.#reception.receive(packet, now);
  }

  /** RTCP of the peer's arrived: only the time of a sender report matters, so that the peer can measure round trips. */
  receiveReport(compound: Buffer, now: number): void {
    const time = senderReportTime(compound);
    if (time !== undefined) this.#reception?.senderReport(time, now);
  }

  /** The report that is due now; `timestamp` is the present frame's. */
  report(now: number, timestamp: number): Buffer {
    const sent = { timestamp, packets: this.#packets, octets: this.#octets };
    return writeReport(this.ssrc, now, this.#packets > 0 ? sent : undefined, this.#reception?.report(now));
  }
}
