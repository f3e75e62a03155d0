import fc from 'fast-check';
import { expect, test } from 'vitest';
import { audioLevel } from './rtp-extension.ts';

const ONE_BYTE = 0xbede;
const TWO_BYTE = 0x1000;

test.for([
  ['alone', ONE_BYTE, 1, [0x10, 0x9e], 30],
  ['without voice activity', ONE_BYTE, 1, [0x10, 0x7f, 0, 0], 127],
  ['after others and padding', ONE_BYTE, 3, [0x21, 1, 2, 0, 0, 0x30, 0x85], 5],
  ['that is not there', ONE_BYTE, 4, [0x21, 1, 2, 0, 0x30, 0x85], undefined],
  ['behind the end (id 15)', ONE_BYTE, 3, [0xf0, 1, 0x30, 0x85], undefined],
  ['that is cut off', ONE_BYTE, 1, [0x1f, 0x85], undefined],
  ['behind one that is cut off', ONE_BYTE, 1, [0x2f, 0x10, 0x85], undefined],
  ['in two-byte headers', TWO_BYTE, 20, [1, 2, 9, 9, 0, 20, 1, 0xb2], 50],
  ['in two-byte headers with application bits', TWO_BYTE | 5, 1, [1, 1, 0xb2], 50],
  ['in two-byte headers, without octets', TWO_BYTE, 1, [1, 0], undefined],
  ['in two-byte headers, cut off', TWO_BYTE, 1, [1, 2, 7], undefined],
  ['in two-byte headers, without its length', TWO_BYTE, 1, [1], undefined],
  ['in an unknown profile', 0x1234, 1, [0x10, 0x9e], undefined],
  ['in nothing', ONE_BYTE, 1, [], undefined],
] as const)('a level %s', ([, profile, id, octets, expected]) => {
  expect(audioLevel({ profile, octets: Uint8Array.from(octets) }, id)).toBe(expected);
});

test('any octets: a level or none', () => {
  const profile = fc.constantFrom(ONE_BYTE, TWO_BYTE);
  fc.assert(
    fc.property(
      profile,
      fc.uint8Array({ maxLength: 40 }),
      fc.integer({ min: 1, max: 255 }),
      (kind, octets, id) => {
        const level = audioLevel({ profile: kind, octets }, id);
        expect(level === undefined || (level >= 0 && level <= 127)).toBe(true);
      },
    ),
  );
});
