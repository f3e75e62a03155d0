import { createHash } from 'node:crypto';
import type { Chance } from './chance.ts';

/** For tests: the same seed gives the same draws in the same order. */
export function seededChance(seed: string): Chance {
  let drawn = 0;

  function bytes(count: number): Buffer {
    const blocks: Buffer[] = [];
    for (let length = 0; length < count; length += 32)
      blocks.push(createHash('sha256').update(`${seed} ${drawn++}`).digest());
    return Buffer.concat(blocks).subarray(0, count);
  }

  return {
    bytes,
    fraction: () => bytes(4).readUInt32BE() / 2 ** 32,
    token: () => bytes(12).toString('hex'),
    id() {
      const octets = bytes(16);
      octets.writeUInt8((octets.readUInt8(6) & 0x0f) | 0x40, 6);
      octets.writeUInt8((octets.readUInt8(8) & 0x3f) | 0x80, 8);
      return octets.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
    },
  };
}
