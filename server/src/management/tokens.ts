import { createHash } from 'node:crypto';
import type { Chance } from '../world/chance.ts';

/** A secret that nobody can guess and only its holder knows: 256 bits, base64url. */
export const newToken = (chance: Chance): string => chance.bytes(32).toString('base64url');

/** What is kept of a token. A fast hash is enough: there is nothing to guess. */
export const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();
