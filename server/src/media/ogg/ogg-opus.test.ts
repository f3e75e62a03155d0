import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readOggOpus, UnreadableSound } from './ogg-opus.ts';
import { opusDuration } from '../codec/opus-packet.ts';

/** An Ogg page (RFC 3533 §6); the reader does not look at positions and checksums. */
function page(segments: readonly number[], body: Uint8Array): Buffer {
  const header = Buffer.alloc(27);
  header.write('OggS', 'latin1');
  header.writeUInt8(segments.length, 26);
  return Buffer.concat([header, Buffer.from(segments), body]);
}

const headers = Buffer.concat([
  page([19], Buffer.from('OpusHead'.padEnd(19))),
  page([16], Buffer.from('OpusTags'.padEnd(16))),
]);

test('packets are put together from segments and across pages', () => {
  const long = Buffer.alloc(600, 1);
  const file = Buffer.concat([
    headers,
    page([3, 255, 255], Buffer.concat([Buffer.from('abc'), long.subarray(0, 510)])),
    page([90, 255, 0], Buffer.concat([long.subarray(510), Buffer.alloc(255, 2)])),
  ]);
  expect(readOggOpus(file)).toEqual([Buffer.from('abc'), long, Buffer.alloc(255, 2)]);
});

test.for([
  ['no Ogg', Buffer.from('RIFF and so on and so forth and more')],
  ['another codec', page([8], Buffer.from('\x01vorbis '))],
  ['no tags', page([8], Buffer.from('OpusHead'))],
  ['cut off in a page', Buffer.concat([headers, page([9], Buffer.from('abc'))])],
  ['cut off in a page header', Buffer.concat([headers, Buffer.from('OggS')])],
  ['cut off in a segment table', Buffer.concat([headers, page([9, 9], Buffer.alloc(0)).subarray(0, 28)])],
  ['empty', Buffer.alloc(0)],
] as const)('%s: refused with a sentence', ([, file]) => {
  expect(() => readOggOpus(file)).toThrow(UnreadableSound);
});

test('a file of any octets is read or refused', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (octets) => {
      try {
        readOggOpus(Buffer.concat([headers, Buffer.from('OggS'), octets]));
      } catch (error) {
        expect(error).toBeInstanceOf(UnreadableSound);
      }
    }),
  );
});

test('a prompt as opusenc makes it', async () => {
  const packets = readOggOpus(await readFile(join(import.meta.dirname, '../../../prompts/en/busy.opus')));
  expect(packets.map(opusDuration)).toEqual(packets.map(() => 20));
});
