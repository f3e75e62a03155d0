/** Pages of an Ogg stream (RFC 3533 §6) as only this server writes it: packets never span pages. PURE. */

const HEADER = 27;
const CAPTURE_PATTERN = 0x4f676753; // OggS
/** The most segments that a page has; a packet takes one for each 255 octets, and one more. */
export const MOST_SEGMENTS = 255;

export const FIRST_PAGE = 0x02;
export const LAST_PAGE = 0x04;
const CONTINUED = 0x01;

export interface OggPage {
  /** `FIRST_PAGE`, `LAST_PAGE` or 0. */
  readonly flags: number;
  /** Where the sound is at the end of this page, in samples of the codec's clock. */
  readonly granule: number;
  readonly serial: number;
  readonly sequence: number;
  readonly packets: readonly Uint8Array[];
}

/** How many segments a packet takes. */
export function segmentsOf(packet: Uint8Array): number {
  return Math.floor(packet.length / 255) + 1;
}

/** Throws `RangeError` where the packets do not fit into one page. */
export function writePage({ flags, granule, serial, sequence, packets }: OggPage): Buffer {
  const segments = packets.reduce((sum, packet) => sum + segmentsOf(packet), 0);
  if (segments > MOST_SEGMENTS) throw new RangeError(`${segments} segments do not fit into an Ogg page`);
  const body = packets.reduce((sum, { length }) => sum + length, 0);
  const page = Buffer.alloc(HEADER + segments + body);
  page.writeUInt32BE(CAPTURE_PATTERN, 0);
  page.writeUInt8(flags, 5);
  page.writeUIntLE(granule, 6, 6); // 48 of the 64 bits last for 186 years
  page.writeUInt32LE(serial, 14);
  page.writeUInt32LE(sequence, 18);
  page.writeUInt8(segments, 26);
  let segment = HEADER;
  let at = HEADER + segments;
  for (const packet of packets) {
    segment += segmentsOf(packet);
    page.fill(255, segment - segmentsOf(packet), segment - 1);
    page.writeUInt8(packet.length % 255, segment - 1);
    page.set(packet, at);
    at += packet.length;
  }
  page.writeUInt32LE(checksum(page), 22);
  return page;
}

/** The page at an offset and where it ends; undefined where there is none that is whole, unharmed and of this kind. */
export function readPage(file: Buffer, begin: number): { page: OggPage; end: number } | undefined {
  if (file.length < begin + HEADER || file.readUInt32BE(begin) !== CAPTURE_PATTERN) return undefined;
  const segments = file.readUInt8(begin + 26);
  const table = file.subarray(begin + HEADER, begin + HEADER + segments);
  const end = table.reduce((sum, length) => sum + length, begin + HEADER + segments);
  const flags = file.readUInt8(begin + 5);
  if (table.length < segments || end > file.length || flags & CONTINUED || table.at(-1) === 255)
    return undefined;
  if (checksum(file.subarray(begin, end)) !== file.readUInt32LE(begin + 22)) return undefined;

  const packets: Buffer[] = [];
  let packet = begin + HEADER + segments;
  let at = packet;
  for (const length of table) {
    at += length;
    if (length === 255) continue;
    packets.push(file.subarray(packet, at));
    packet = at;
  }
  return {
    page: {
      flags,
      granule: file.readUIntLE(begin + 6, 6),
      serial: file.readUInt32LE(begin + 14),
      sequence: file.readUInt32LE(begin + 18),
      packets,
    },
    end,
  };
}

/** CRC-32 of polynomial 0x04c11db7, not reflected, from 0, over a page whose own checksum counts as 0 (RFC 3533 §6). */
function checksum(page: Uint8Array): number {
  let crc = 0;
  for (let i = 0; i < page.length; i++) {
    const octet = i >= 22 && i < 26 ? 0 : (page[i] ?? 0);
    crc = (crc << 8) ^ (CRC_TABLE[(crc >>> 24) ^ octet] ?? 0);
  }
  return crc >>> 0;
}

const CRC_TABLE = Int32Array.from({ length: 256 }, (_, octet) => {
  let crc = octet << 24;
  for (let bit = 0; bit < 8; bit++) crc = (crc << 1) ^ (crc < 0 ? 0x04c11db7 : 0);
  return crc;
});
