import { randomBytes } from 'node:crypto';

/** Chance as an argument, so that a run can be repeated. */
export interface Random {
  /** At least 64 bits that nobody can guess, as letters and digits: for tags and Call-IDs (RFC 3261 §19.3). */
  token(): string;
  /** Evenly spread from 0 up to, not including, 1: for branches and back-off. */
  fraction(): number;
}

/** Hex digits of one token: 96 bits. */
const TOKEN = 24;
/** Drawn at once, because each draw costs more than all the rest of a token. */
const POOL_BYTES = 3072;

let pool = '';
let at = 0;

export const systemRandom: Random = {
  token() {
    if (at === pool.length) {
      pool = randomBytes(POOL_BYTES).toString('hex');
      at = 0;
    }
    at += TOKEN;
    return pool.slice(at - TOKEN, at);
  },
  fraction: Math.random,
};
