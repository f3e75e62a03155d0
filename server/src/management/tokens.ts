import { createHash } from 'node:crypto';
import type { Chance } from '../world/chance.ts';

/** A secret that cannot be guessed: 256 bits, base64url. */
export const newToken = (chance: Chance): string => chance.bytes(32).toString('base64url');

/** What is stored of a token. A fast hash is enough, since a token cannot be guessed. */
export const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();
