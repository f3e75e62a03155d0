/** Ogg files that tests put together: pages of any stream, in any order. */
import { writePage } from '../ogg/ogg-page.ts';

const BEGIN = 0x02;
const END = 0x04;

/** The pages of one stream, a packet each, the first and the last marked as such. */
export function streamPages(serial: number, packets: readonly Uint8Array[]): Buffer[] {
  return packets.map((packet, sequence) =>
    writePage({
      flags: (sequence === 0 ? BEGIN : 0) | (sequence === packets.length - 1 ? END : 0),
      granule: 0,
      serial,
      sequence,
      packets: [packet],
    }),
  );
}

/** Pages of several streams at once: all beginnings, then the rest in turns (RFC 3533 §4). */
export function multiplexed(...streams: readonly (readonly Buffer[])[]): Buffer {
  const longest = Math.max(...streams.map(({ length }) => length));
  return Buffer.concat(
    Array.from({ length: longest }, (_, i) => streams.flatMap((pages) => pages[i] ?? [])).flat(),
  );
}

/** The pages of a file, each by itself. */
export function pagesOf(file: Buffer): Buffer[] {
  const begins: number[] = [];
  for (let at = 0; (at = file.indexOf('OggS', at)) >= 0; at += 4) begins.push(at);
  return begins.map((begin, i) => file.subarray(begin, begins[i + 1]));
}
