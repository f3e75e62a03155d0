import { expect, test } from 'vitest';
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
] as const)('%s', ([, packet, milliseconds]) => {
  expect(opusDuration(Uint8Array.from(packet))).toBe(milliseconds);
});
