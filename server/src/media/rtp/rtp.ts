/** RTP data packets (RFC 3550 §5.1). */
import type { RtpExtension } from './rtp-extension.ts';

export const RTP_HEADER = 12;
const VERSION = 2;

export interface RtpPacket {
  readonly marker: boolean;
  readonly payloadType: number;
  readonly sequence: number;
  readonly timestamp: number;
  readonly ssrc: number;
  /** RFC 3550 §5.3.1; its octets are a multiple of four. */
  readonly extension?: RtpExtension;
  readonly payload: Buffer;
}

/** Octets before the payload: fixed header, CSRCs and extension; undefined if the packet is not RTP or ends before that. */
export function rtpHeaderLength(packet: Buffer): number | undefined {
  if (packet.length < RTP_HEADER) return undefined;
  const first = packet.readUInt8(0);
  if (first >> 6 !== VERSION) return undefined;
  let length = RTP_HEADER + (first & 0x0f) * 4;
  if (first & 0x10) {
    if (packet.length < length + 4) return undefined;
    length += 4 + packet.readUInt16BE(length + 2) * 4;
  }
  return length <= packet.length ? length : undefined;
}

/** Reads a packet; undefined if it is not RTP. */
export function readRtp(packet: Buffer): RtpPacket | undefined {
  const header = rtpHeaderLength(packet);
  if (header === undefined) return undefined;
  // The last octet of padding counts the padding, itself included.
  const padding = packet.readUInt8(0) & 0x20 ? packet.readUInt8(packet.length - 1) : 0;
  if (header + padding > packet.length) return undefined;
  const second = packet.readUInt8(1);
  const extension = readExtension(packet, header);
  return {
    marker: (second & 0x80) !== 0,
    payloadType: second & 0x7f,
    sequence: packet.readUInt16BE(2),
    timestamp: packet.readUInt32BE(4),
    ssrc: packet.readUInt32BE(8),
    ...(extension && { extension }),
    payload: packet.subarray(header, packet.length - padding),
  };
}

/** `header` is what `rtpHeaderLength` says. */
function readExtension(packet: Buffer, header: number): RtpExtension | undefined {
  const first = packet.readUInt8(0);
  if (!(first & 0x10)) return undefined;
  const begin = RTP_HEADER + (first & 0x0f) * 4;
  return { profile: packet.readUInt16BE(begin), octets: packet.subarray(begin + 4, header) };
}

/** Writes a packet without CSRCs or padding. */
export function writeRtp(packet: Omit<RtpPacket, 'payload'> & { readonly payload: Uint8Array }): Buffer {
  const { extension } = packet;
  const header = RTP_HEADER + (extension ? 4 + extension.octets.length : 0);
  const octets = Buffer.allocUnsafe(header + packet.payload.length);
  octets.writeUInt8((VERSION << 6) | (extension ? 0x10 : 0), 0);
  octets.writeUInt8((packet.marker ? 0x80 : 0) | packet.payloadType, 1);
  octets.writeUInt16BE(packet.sequence, 2);
  octets.writeUInt32BE(packet.timestamp, 4);
  octets.writeUInt32BE(packet.ssrc, 8);
  if (extension) {
    octets.writeUInt16BE(extension.profile, RTP_HEADER);
    octets.writeUInt16BE(extension.octets.length / 4, RTP_HEADER + 2);
    octets.set(extension.octets, RTP_HEADER + 4);
  }
  octets.set(packet.payload, header);
  return octets;
}

/** RTP and RTCP share one port; their second octets do not overlap (RFC 5761 §4). */
export function isRtcp(packet: Buffer): boolean {
  const type = (packet[1] ?? 0) & 0x7f;
  return type >= 64 && type < 96;
}
