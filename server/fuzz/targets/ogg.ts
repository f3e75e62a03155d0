import assert from 'node:assert/strict';
import { commentsOf, salvage } from '../../src/media/ogg/ogg-opus-repair.ts';
import { oggOpusBody, oggOpusHead } from '../../src/media/ogg/ogg-opus-writer.ts';
import { openOggOpus, UnreadableSound } from '../../src/media/ogg/ogg-opus.ts';
import { readPage, writePage } from '../../src/media/ogg/ogg-page.ts';
import { oggLinks } from '../../src/media/ogg/ogg-streams.ts';
import type { Target } from '../target.ts';

const PAGE_HEADER = 27;
const packets = [Buffer.of(0xf8, 0xff, 0xfe), Buffer.alloc(300, 0xf8), Buffer.of(0xfc)];

/** Each page's checksum is what it has to be. */
function mended(input: Buffer): Buffer {
  const file = Buffer.from(input);
  for (
    let at = 0;
    (at = file.indexOf('OggS', at, 'latin1')) >= 0 && at + PAGE_HEADER <= file.length;
    at += 4
  ) {
    const segments = file.readUInt8(at + 26);
    const table = file.subarray(at + PAGE_HEADER, at + PAGE_HEADER + segments);
    const page = file.subarray(
      at,
      table.reduce((sum, length) => sum + length, at + PAGE_HEADER + segments),
    );
    page.writeUInt32LE(checksumOf(page), 22);
  }
  return file;
}

const CRC_TABLE = Int32Array.from({ length: 256 }, (_, octet) => {
  let crc = octet << 24;
  for (let bit = 0; bit < 8; bit++) crc = (crc << 1) ^ (crc < 0 ? 0x04c11db7 : 0);
  return crc;
});

/** CRC-32 of polynomial 0x04c11db7, not reflected (RFC 3533 §6). */
function checksumOf(page: Buffer): number {
  let crc = 0;
  for (let at = 0; at < page.length; at++) {
    const octet = at >= 22 && at < 26 ? 0 : (page[at] ?? 0);
    crc = (crc << 8) ^ (CRC_TABLE[(crc >>> 24) ^ octet] ?? 0);
  }
  return crc >>> 0;
}

function packetsOf(file: Buffer): readonly Buffer[] | undefined {
  try {
    return [...openOggOpus(file).packets];
  } catch (error) {
    if (error instanceof UnreadableSound) return undefined;
    throw error;
  }
}

export const target: Target = {
  seeds: [
    Buffer.concat([oggOpusHead(['PERCH={"id":"1"}']), oggOpusBody(packets)]),
    Buffer.concat([oggOpusHead([]), oggOpusBody([Buffer.of(0xfc)])]).subarray(0, 120),
    Buffer.concat(
      ['\x01vorbis', 'Speex   ', 'fishead\0'].map((magic, serial) =>
        writePage({ flags: 2, granule: 0, serial, sequence: 0, packets: [Buffer.from(magic, 'latin1')] }),
      ),
    ),
  ],
  dictionary: [
    'OggS',
    'OggS\0\x02',
    'OpusHead',
    'OpusTags',
    '\x01vorbis',
    '\xff\xff\xff\xff',
    '\0\0\0\0',
    '\xfb\x83',
  ],
  mend: mended,
  parse(input) {
    const first = readPage(input, 0);
    if (first !== undefined)
      assert.deepEqual(
        readPage(writePage(first.page), 0)?.page,
        first.page,
        'what is written is read otherwise',
      );
    const saved = salvage(input);
    if (saved !== undefined) {
      assert.deepEqual(saved.comments, commentsOf(input), 'a repaired file has other comments');
      assert.deepEqual(salvage(saved.file), saved, 'a repaired file needs to be repaired');
      assert.notEqual(packetsOf(saved.file), undefined, 'a repaired file cannot be read');
    }
    return { first, saved, packets: packetsOf(input), links: oggLinks(input) };
  },
};
