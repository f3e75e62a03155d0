import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { commentsOf, salvage } from './ogg-opus-repair.ts';
import { OggOpusPages, oggOpusBody, oggOpusHead } from './ogg-opus-writer.ts';
import { readOggOpus } from './ogg-opus.ts';
import { readPage } from './ogg-page.ts';
import { opusDuration } from '../codec/opus-packet.ts';

const TOC = 31 << 3; // CELT, 20 ms

/** Packets of any length of time and octets, as encoders make them. */
const packet = fc
  .tuple(fc.constantFrom(TOC, 30 << 3, 3 << 3, 28 << 3), fc.oneof(fc.nat(300), fc.nat(1275)))
  .map(([toc, octets]) => new Uint8Array(octets + 1).fill(7).with(0, toc));

/** The pages of a file, each unharmed. */
function pagesOf(file: Buffer) {
  const pages = [];
  for (let at = 0; at < file.length;) {
    const read = readPage(file, at);
    if (!read) throw new Error(`no whole page at ${at}`);
    pages.push(read.page);
    at = read.end;
  }
  return pages;
}

test('the first page is as opusenc makes it, checksum included', async () => {
  const prompt = await readFile(join(import.meta.dirname, '../../../prompts/en/busy.opus'));
  expect(oggOpusHead([]).subarray(0, 47)).toEqual(prompt.subarray(0, 47));
});

test('what is written is read back, with its comments', () => {
  fc.assert(
    fc.property(fc.array(packet, { maxLength: 120 }), fc.array(fc.string()), (packets, comments) => {
      const file = Buffer.concat([oggOpusHead(comments), oggOpusBody(packets)]);
      expect(
        readOggOpus(file).map((found) => Buffer.compare(found, packets.shift() ?? Buffer.alloc(0))),
      ).toEqual(readOggOpus(file).map(() => 0));
      expect(commentsOf(file)).toEqual(comments);
    }),
  );
});

test('pages: first, last, counted, each at its time, none longer than a second', () => {
  fc.assert(
    fc.property(fc.array(packet, { minLength: 1, maxLength: 300 }), (packets) => {
      const pages = pagesOf(Buffer.concat([oggOpusHead([]), oggOpusBody(packets)]));
      expect(pages.map(({ sequence }) => sequence)).toEqual(pages.map((_, i) => i));
      expect(pages.map(({ flags }) => flags)).toEqual([2, ...pages.slice(2).map(() => 0), 4]);
      let samples = 0;
      for (const page of pages.slice(2)) {
        const long = page.packets.reduce((sum, found) => sum + opusDuration(found) * 48, 0);
        expect(long).toBeLessThanOrEqual(48_000);
        expect(page.granule).toBe((samples += long));
      }
      expect(samples).toBe(packets.reduce((sum, found) => sum + opusDuration(found) * 48, 0));
    }),
  );
});

test('cut after any whole page, a file holds all packets of the pages before', () => {
  const pages = new OggOpusPages();
  const written: Buffer[] = [oggOpusHead(['A=1'])];
  for (let i = 0; i < 500; i++) {
    const page = pages.append(Uint8Array.of(TOC, i & 0xff, i >> 8));
    if (!page) continue;
    written.push(page);
    const packets = readOggOpus(Buffer.concat(written));
    expect(packets.map((found) => found.readUInt16LE(1))).toEqual(packets.map((_, at) => at));
    expect(i - packets.length).toBeLessThanOrEqual(0);
  }
  expect(written.length).toBe(1 + 9);
  expect(pages.durationMs).toBe(10_000);
});

test('comments that do not fit into a page are refused', () => {
  expect(() => oggOpusHead(['x'.repeat(66_000)])).toThrow(RangeError);
});

test('a whole file needs no repair', () => {
  const file = Buffer.concat([oggOpusHead(['A=1', 'B=ü']), oggOpusBody([Uint8Array.of(TOC, 1, 2, 3)])]);
  expect(salvage(file)).toEqual({ file, comments: ['A=1', 'B=ü'], durationMs: 20, soundMs: 20 });
});
