import { hash, verify } from '@node-rs/argon2';
import type { Chance } from '../world/chance.ts';

/** OWASP's recommendation for Argon2id: 19 MiB, two passes; about 30 ms off the event loop. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Octets of a salt (RFC 9106 §3.1), and of a hash. */
const SALT = 16;
const HASH = 32;

/** A hash that no secret is known for: checking against it takes the work of a real one. */
export const NOBODYS_HASH = [
  `$argon2id$v=19$m=${String(COST.memoryCost)},t=${String(COST.timeCost)},p=${String(COST.parallelism)}`,
  ...[SALT, HASH].map((octets) => Buffer.alloc(octets).toString('base64').replace(/=+$/, '')),
].join('$');

/** Argon2id in PHC form, salted. */
export const slowHash = (secret: string, chance: Chance): Promise<string> =>
  hash(secret, { ...COST, salt: chance.bytes(SALT) });

/** Is this the secret? `false` where there is none, after the same work. */
export async function slowVerify(expected: string | null | undefined, secret: string): Promise<boolean> {
  const matches = await verify(expected ?? NOBODYS_HASH, secret);
  return matches && typeof expected === 'string';
}
