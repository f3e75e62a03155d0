import { randomBytes, randomUUID } from 'node:crypto';
import type { Chance } from './chance.ts';

/** Octets of one token: 96 bits. */
const TOKEN = 12;
/** Drawn together, because one draw costs more than the rest of a token. */
const POOL_BYTES = 256 * TOKEN;

let pool: Buffer = Buffer.alloc(0);
let at = 0;

/** The machine's source of randomness. */
export const systemChance: Chance = {
  bytes: (count) => randomBytes(count),
  fraction: Math.random,
  token() {
    if (at === pool.length) {
      pool = randomBytes(POOL_BYTES);
      at = 0;
    }
    at += TOKEN;
    // Not a slice of one long string: keeping a token would keep all of that string in memory.
    return pool.toString('hex', at - TOKEN, at);
  },
  id: () => randomUUID(),
};
