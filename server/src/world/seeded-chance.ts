import { createHash } from 'node:crypto';
import type { Chance } from './chance.ts';

/** For tests: the same seed gives the same draws in the same order. */
export class SeededChance implements Chance {
  readonly #seed: string;
  #drawn = 0;

  constructor(seed: string) {
    this.#seed = seed;
  }

  bytes(count: number): Buffer {
    const blocks: Buffer[] = [];
    for (let length = 0; length < count; length += 32)
      blocks.push(createHash('sha256').update(`${this.#seed} ${this.#drawn++}`).digest());
    return Buffer.concat(blocks).subarray(0, count);
  }

  fraction(): number {
    return this.bytes(4).readUInt32BE() / 2 ** 32;
  }

  token(): string {
    return this.bytes(12).toString('hex');
  }

  id(): string {
    const octets = this.bytes(16);
    octets.writeUInt8((octets.readUInt8(6) & 0x0f) | 0x40, 6);
    octets.writeUInt8((octets.readUInt8(8) & 0x3f) | 0x80, 8);
    return octets.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  }
}
