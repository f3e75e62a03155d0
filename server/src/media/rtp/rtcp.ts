/** RTCP (RFC 3550 §6): sender and receiver reports with the one SDES item that is mandatory. */

/** The source's name in RTCP and SDP (RFC 7022): the same in all calls, since there is one server. */
export const CNAME = 'perch';

const TYPE = { senderReport: 200, receiverReport: 201, sourceDescription: 202 } as const;
const VERSION = 0x80;
const SDES_CNAME = 1;
/** Seconds to 32.32 fixed point. */
const NTP_FRACTION = 2 ** 32;

/** What this end has sent (RFC 3550 §6.4.1). */
export interface SenderInfo {
  /** The RTP timestamp of this very moment. */
  readonly timestamp: number;
  readonly packets: number;
  readonly octets: number;
}

/** What this end has received from one source (RFC 3550 §6.4.1). */
export interface ReportBlock {
  readonly ssrc: number;
  /** Lost since the last report, of 256. */
  readonly fractionLost: number;
  readonly packetsLost: number;
  /** Cycles and sequence number, 32 bits. */
  readonly highestSequence: number;
  /** In RTP timestamp units. */
  readonly jitter: number;
  /** The middle 32 bits of the source's last sender report, and how long ago it came, in 1/65536 s; zero if none came. */
  readonly lastSenderReport: number;
  readonly delaySinceLast: number;
}

/**
 * The compound packet that this end sends (RFC 3550 §6.1): a sender report if it has sent sound, else a receiver report, and
 * its CNAME. `now` is in milliseconds, of any clock that does not jump: the time of day is not disclosed (§6.4.1).
 */
export function writeReport(ssrc: number, now: number, sender?: SenderInfo, block?: ReportBlock): Buffer {
  const info = sender ? senderInfo(now, sender) : Buffer.alloc(0);
  const type = sender ? TYPE.senderReport : TYPE.receiverReport;
  const report = packet(
    type,
    block ? 1 : 0,
    uint32(ssrc),
    info,
    block ? reportBlock(block) : Buffer.alloc(0),
  );
  const cname = Buffer.concat([Buffer.from([SDES_CNAME, CNAME.length]), Buffer.from(CNAME)]);
  // A list of items ends with at least one zero and fills its 32 bits (RFC 3550 §6.5).
  const chunk = Buffer.concat([cname, Buffer.alloc(4 - (cname.length % 4))]);
  return Buffer.concat([report, packet(TYPE.sourceDescription, 1, uint32(ssrc), chunk)]);
}

/** The middle 32 bits of the first sender report's time in a compound packet, to be sent back in a report block. */
export function senderReportTime(compound: Buffer): number | undefined {
  for (let at = 0; at + 4 <= compound.length;) {
    const end = at + (compound.readUInt16BE(at + 2) + 1) * 4;
    if (end > compound.length) return undefined;
    if (compound.readUInt8(at + 1) === TYPE.senderReport && end - at >= 28)
      return compound.readUInt32BE(at + 10);
    at = end;
  }
  return undefined;
}

function senderInfo(now: number, { timestamp, packets, octets }: SenderInfo): Buffer {
  const seconds = Math.floor(now / 1000);
  const fraction = Math.floor(((now % 1000) / 1000) * NTP_FRACTION);
  return uint32(seconds, fraction, timestamp, packets, octets);
}

function reportBlock(block: ReportBlock): Buffer {
  // Packets lost are 24 bits with a sign: repeated packets can make them negative.
  const lost = Math.max(-0x80_0000, Math.min(0x7f_ffff, block.packetsLost)) & 0xff_ffff;
  return uint32(
    block.ssrc,
    ((block.fractionLost << 24) | lost) >>> 0,
    block.highestSequence,
    block.jitter,
    block.lastSenderReport,
    block.delaySinceLast,
  );
}

function packet(type: number, count: number, ...body: readonly Buffer[]): Buffer {
  const content = Buffer.concat(body);
  const header = Buffer.from([VERSION | count, type, 0, 0]);
  header.writeUInt16BE(content.length / 4, 2);
  return Buffer.concat([header, content]);
}

function uint32(...values: readonly number[]): Buffer {
  const octets = Buffer.alloc(values.length * 4);
  values.forEach((value, i) => octets.writeUInt32BE(value % 2 ** 32, i * 4));
  return octets;
}
