import { expect, test } from 'vitest';
import { decodePcmu, encodePcmu, PCMU_SILENCE } from './pcmu.ts';

/** ITU-T G.711, table 2a, in 16 bits. */
test.for([
  [PCMU_SILENCE, 0],
  [0x7f, 0],
  [0xfe, 8],
  [0x7e, -8],
  [0x80, 32_124],
  [0x00, -32_124],
  [0xef, 132],
] as const)('%o is %i', ([octet, sample]) => {
  expect(decodePcmu(Uint8Array.of(octet))).toEqual(Int16Array.of(sample));
});

test('every value survives encoding and decoding', () => {
  const all = Uint8Array.from({ length: 256 }, (_, octet) => octet);
  expect(decodePcmu(encodePcmu(decodePcmu(all)))).toEqual(decodePcmu(all));
});

test('a sample between two values becomes the nearer one, one beyond them the outermost', () => {
  const nearest = (sample: number): number | undefined => decodePcmu(encodePcmu(Int16Array.of(sample)))[0];
  expect([3, 5, -3, -5, 32_767, -32_768].map(nearest)).toEqual([0, 8, 0, -8, 32_124, -32_124]);
});
