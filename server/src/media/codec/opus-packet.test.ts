import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OpusDecoder } from './opus-codec.ts';
import { isOpusPacket, isSilent, lostPacket, opusDuration, SILENT_PACKET } from './opus-packet.ts';

/** RFC 6716 §3.1, table 2 and §3.2. */
test.for([
  ['SILK, 10 ms', [0 << 3], 10],
  ['SILK, 60 ms', [3 << 3], 60],
  ['hybrid, 20 ms', [13 << 3], 20],
  ['CELT, 2.5 ms', [16 << 3], 2.5],
  ['CELT, 20 ms', [31 << 3], 20],
  ['two frames of 10 ms', [(0 << 3) | 1], 20],
  ['six frames of 20 ms', [(1 << 3) | 3, 6], 120],
  ['nothing', [], 0],
] as const)('%s', ([, packet, milliseconds]) => {
  expect(opusDuration(Uint8Array.from(packet))).toBe(milliseconds);
});

const TOC = 31 << 3; // CELT, 20 ms
const zeros = (count: number): number[] => Array<number>(count).fill(0);

describe('what every decoder takes (RFC 6716 §3.4)', () => {
  test.for([
    ['one frame', [TOC, 1, 2, 3], true],
    ['one frame without octets', [TOC], true],
    ['one frame of the greatest length', [TOC, ...zeros(1275)], true],
    ['one frame that is longer', [TOC, ...zeros(1276)], false],
    ['no octet at all', [], false],
    ['two equal frames', [TOC | 1, 1, 2], true],
    ['two equal frames of an odd number of octets', [TOC | 1, 1, 2, 3], false],
    ['two frames, the first of 1 octet', [TOC | 2, 1, 7, 8, 9], true],
    ['two frames, the first of 252 octets', [TOC | 2, 252, 0, ...zeros(252)], true],
    ['two frames without the length of the first', [TOC | 2], false],
    ['two frames with half a length', [TOC | 2, 252], false],
    ['two frames, the first longer than the packet', [TOC | 2, 9, 1, 2], false],
    ['three equal frames', [TOC | 3, 3, 1, 2, 3], true],
    ['three equal frames out of four octets', [TOC | 3, 3, 1, 2, 3, 4], false],
    ['no frame', [TOC | 3, 0], false],
    ['code 3 without its count', [TOC | 3], false],
    ['120 ms', [TOC | 3, 6, ...zeros(6)], true],
    ['more than 120 ms', [TOC | 3, 7, ...zeros(7)], false],
    ['three frames of different lengths', [TOC | 3, 0x80 | 3, 1, 0, 1, 2, 3], true],
    ['three frames whose lengths exceed the packet', [TOC | 3, 0x80 | 3, 9, 0, 1, 2, 3], false],
    ['padding', [TOC | 3, 0x40 | 1, 2, 5, 0, 0], true],
    ['padding counted in two octets', [TOC | 3, 0x40 | 1, 255, 1, 5, ...zeros(255)], true],
    ['more padding than packet', [TOC | 3, 0x40 | 1, 9, 5, 0, 0], false],
    ['padding without its count', [TOC | 3, 0x40 | 1], false],
    ['padding whose count never ends', [TOC | 3, 0x40 | 1, ...Array<number>(1498).fill(255)], false],
  ] as const)('%s: %o', ([, packet, expected]) => {
    expect(isOpusPacket(Uint8Array.from(packet))).toBe(expected);
  });

  test('libopus agrees about any octets', () => {
    const decoder = new OpusDecoder(8000);
    const decodes = (packet: Uint8Array): boolean => {
      try {
        return decoder.decode(packet).length === opusDuration(packet) * 8;
      } catch {
        return false;
      }
    };
    const octets = fc.uint8Array({ minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(octets, (packet) => {
        expect(decodes(packet)).toBe(isOpusPacket(packet));
      }),
      { numRuns: 2000 },
    );
    decoder.close();
  });
});

test('silence: lost packets, discontinuous transmission, and ours', () => {
  expect([lostPacket(TOC | 3), SILENT_PACKET, Uint8Array.of(TOC, 1)].map(isSilent)).toEqual([
    true,
    true,
    true,
  ]);
  expect(isSilent(Uint8Array.of(TOC, 1, 2))).toBe(false);
  expect([lostPacket(TOC | 3), SILENT_PACKET].map(opusDuration)).toEqual([20, 20]);
});
