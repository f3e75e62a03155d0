import { randomBytes, randomUUID } from 'node:crypto';
import type { Chance } from './chance.ts';

/** Hex digits of one token: 96 bits. */
const TOKEN = 24;
/** Drawn together, because one draw costs more than the rest of a token. */
const POOL_BYTES = 3072;

let pool = '';
let at = 0;

/** The machine's source of randomness. */
export const systemChance: Chance = {
  bytes: (count) => randomBytes(count),
  fraction: Math.random,
  token() {
    if (at === pool.length) {
      pool = randomBytes(POOL_BYTES).toString('hex');
      at = 0;
    }
    at += TOKEN;
    return pool.slice(at - TOKEN, at);
  },
  id: () => randomUUID(),
};
