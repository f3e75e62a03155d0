/** For unit tests, in place of `@node-rs/argon2` (vitest.config.ts): hashes as they are, of a hundredth of the work. Most of those tests sign somebody in. */
import { hash as slowHash, type Options } from '@node-rs/argon2/index.js';

export { verify } from '@node-rs/argon2/index.js';

/** The least that Argon2 takes (RFC 9106 §3.1). */
const LEAST = { memoryCost: 8, timeCost: 1, parallelism: 1 };

export const hash = (secret: string, options: Options): Promise<string> =>
  slowHash(secret, { ...options, ...LEAST });
