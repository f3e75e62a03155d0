import fc from 'fast-check';
import { expect, test } from 'vitest';
import { commentsOf, salvage } from './ogg-opus-repair.ts';
import { oggOpusBody, oggOpusHead } from './ogg-opus-writer.ts';
import { readOggOpus } from './ogg-opus.ts';
import { LAST_PAGE, readPage, writePage } from './ogg-page.ts';
import { OpusEncoder } from '../codec/opus-codec.ts';
import { SILENT_PACKET } from '../codec/opus-packet.ts';

const TOC = 31 << 3; // CELT, 20 ms
const SECOND = 50;
const head = oggOpusHead(['PERCH={"id":"1"}']);
const packets = Array.from({ length: 4.5 * SECOND }, (_, i) => Uint8Array.of(TOC, i, 1, 2));
const whole = Buffer.concat([head, oggOpusBody(packets)]);

/** Does the file end in a last page, unharmed to its end? */
function endsProperly(file: Buffer): boolean {
  for (let at = 0; ;) {
    const read = readPage(file, at);
    if (!read) return false;
    at = read.end;
    if (read.page.flags & LAST_PAGE) return at === file.length;
  }
}

test('truncated anywhere, it is playable up to the last whole page, and ends properly', () => {
  for (let length = 0; length <= whole.length; length += 7) {
    const saved = salvage(whole.subarray(0, length));
    if (length < head.length) expect(saved).toBeUndefined();
    else {
      expect(saved?.comments).toEqual(['PERCH={"id":"1"}']);
      expect(endsProperly(saved?.file ?? Buffer.alloc(0))).toBe(true);
      const kept = readOggOpus(saved?.file ?? Buffer.alloc(0));
      expect(Buffer.concat(kept)).toEqual(Buffer.concat(packets.slice(0, kept.length)));
      expect(saved?.durationMs).toBe(kept.length * 20);
      const octets = kept.reduce((sum, packet) => sum + packet.length + 1, 0);
      expect(length - head.length - octets).toBeLessThan(SECOND * 5 + 200);
    }
  }
});

test('a repaired file needs no further repair', () => {
  const once = salvage(whole.subarray(0, whole.length - 3));
  expect(once && salvage(once.file)).toEqual(once);
});

test('zeros behind the end, as file systems leave them, are cut off', () => {
  const torn = Buffer.concat([whole.subarray(0, whole.length - 10), Buffer.alloc(5000)]);
  expect(salvage(torn)?.file).toEqual(salvage(whole.subarray(0, whole.length - 10))?.file);
});

test('one changed octet in the middle: all before its page is kept', () => {
  const harmed = Buffer.from(whole);
  const at = head.length + 600; // in the third second
  harmed.writeUInt8(harmed.readUInt8(at) ^ 1, at);
  expect(salvage(harmed)?.durationMs).toBe(2000);
});

test('another stream behind its end is cut off', () => {
  expect(salvage(Buffer.concat([whole, whole]))?.file).toEqual(whole);
});

test('silence counts as time, not as sound', () => {
  const sounds = [...packets.slice(0, 50), ...Array<Uint8Array>(100).fill(SILENT_PACKET), Uint8Array.of(TOC)];
  const file = Buffer.concat([head, oggOpusBody(sounds)]);
  expect(salvage(file)).toMatchObject({ durationMs: 3020, soundMs: 1000 });
});

test('silence does not count as sound, however many octets its packets have', () => {
  const encoder = new OpusEncoder(48_000, 32_000, 5);
  const silence = Array.from({ length: 100 }, () => Uint8Array.from(encoder.encode(new Int16Array(960))));
  encoder.close();
  expect(silence[50]?.length).toBeGreaterThan(3);
  const file = Buffer.concat([head, oggOpusBody(silence)]);
  expect(salvage(file)).toMatchObject({ durationMs: 2000, soundMs: 0 });
});

test('the beginning of a file is enough for its comments', () => {
  expect(commentsOf(whole.subarray(0, head.length))).toEqual(['PERCH={"id":"1"}']);
  expect(commentsOf(whole.subarray(0, head.length - 1))).toBeUndefined();
});

const tags = (body: Buffer): Buffer =>
  Buffer.concat([
    head.subarray(0, 47),
    writePage({
      flags: 0,
      granule: 0,
      serial: 1,
      sequence: 1,
      packets: [Buffer.concat([Buffer.from('OpusTags'), body])],
    }),
  ]);

test.for([
  ['nothing', Buffer.alloc(0)],
  ['another kind of file', Buffer.from('RIFF and so on and so forth and so on')],
  [
    'another codec',
    writePage({ flags: 2, granule: 0, serial: 1, sequence: 0, packets: [Buffer.from('\x01vorbis')] }),
  ],
  ['tags without anything', tags(Buffer.alloc(0))],
  ['a vendor longer than the tags', tags(Buffer.from('ffffffff00', 'hex'))],
  ['four billion comments', tags(Buffer.from('00000000ffffffff', 'hex'))],
  ['a comment longer than the tags', tags(Buffer.from('0000000001000000ffffff7f00', 'hex'))],
] as const)('%s: no recording', ([, file]) => {
  expect(salvage(file)).toBeUndefined();
  expect(commentsOf(file)).toBeUndefined();
});

test('any file: nothing, or one that ends properly', () => {
  const edits = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.uint8Array({ maxLength: 40 })), {
    maxLength: 4,
  });
  const altered = edits.map((changes) => {
    const file = Buffer.from(whole);
    for (const [at, octets] of changes) file.set(octets.subarray(0, file.length - at), at);
    return file;
  });
  const any = fc.uint8Array({ maxLength: 400 }).map((octets) => Buffer.from(octets));
  const begun = any.map((octets) => Buffer.concat([head, Buffer.from('OggS'), octets]));
  fc.assert(
    fc.property(fc.oneof(altered, any, begun), (file) => {
      const saved = salvage(file);
      expect(saved === undefined || endsProperly(saved.file)).toBe(true);
    }),
    { numRuns: 500 },
  );
});
