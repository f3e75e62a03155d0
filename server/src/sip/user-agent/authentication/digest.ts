import { hash } from 'node:crypto';
import type { Credentials } from '../../message/fields/auth-params.ts';

/** What Digest credentials claim (RFC 7616 §3.4); nothing in it is proven yet. */
export interface DigestClaim {
  readonly algorithm: 'MD5' | 'SHA-256';
  readonly username: string;
  readonly realm: string;
  readonly nonce: string;
  readonly uri: string;
  /** Lower-case hex, as long as its algorithm makes it. */
  readonly response: string;
  readonly cnonce: string;
  /** How often this nonce has been used: eight hex digits, as they were hashed. */
  readonly nonceCount: string;
}

/** What is kept of a password: H(username:realm:password) in lower-case hex, once for each algorithm (RFC 7616 §3.4.2). */
export interface DigestSecrets {
  readonly ha1Md5: string;
  readonly ha1Sha256: string;
}

const hexResponse = { MD5: /^[\da-f]{32}$/, 'SHA-256': /^[\da-f]{64}$/ };
const hexCount = /^[\da-f]{8}$/i;
/** No account has a longer name, and longer ones would fill the tables in which failures are counted. */
const LONGEST_USERNAME = 128;

/** Do Digest credentials answer a challenge? Without nonce and response they prove nothing. */
export const isAnswer = ({ params }: Credentials): boolean =>
  Boolean(params.nonce) && Boolean(params.response);

/**
 * `undefined` where something is missing or is not ours: another algorithm, or no `qop=auth`, without which a
 * response could be replayed (a downgrade that no client of today needs).
 */
export function digestClaim({ params }: Credentials): DigestClaim | undefined {
  const algorithm = (params.algorithm ?? 'MD5').toUpperCase();
  if (algorithm !== 'MD5' && algorithm !== 'SHA-256') return undefined;
  const { username = '', realm = '', nonce = '', uri = '', cnonce = '', nc: nonceCount = '' } = params;
  const response = params.response?.toLowerCase() ?? '';
  if (username === '' || nonce === '' || cnonce === '' || params.qop?.toLowerCase() !== 'auth')
    return undefined;
  if (username.length > LONGEST_USERNAME) return undefined;
  if (!hexResponse[algorithm].test(response) || !hexCount.test(nonceCount)) return undefined;
  return { algorithm, username, realm, nonce, uri, response, cnonce, nonceCount };
}

/** Stands in for an account that does not exist, so that refusing it takes the same work. */
const NOBODY: DigestSecrets = { ha1Md5: '0'.repeat(32), ha1Sha256: '0'.repeat(64) };

/**
 * Does the claim prove knowledge of the password (RFC 7616 §3.4.1, qop=auth)? Without secrets the same is computed,
 * and the answer is no.
 */
export function digestMatches(
  claim: DigestClaim,
  method: string,
  secrets: DigestSecrets | undefined,
): boolean {
  const { algorithm, nonce, nonceCount, cnonce, uri, response } = claim;
  const { ha1Md5, ha1Sha256 } = secrets ?? NOBODY;
  const [name, ha1] = algorithm === 'MD5' ? ['md5', ha1Md5] : ['sha256', ha1Sha256];
  const ha2 = requestHash(name, `${method}:${uri}`);
  const expected = hash(name, `${ha1}:${nonce}:${nonceCount}:${cnonce}:auth:${ha2}`);
  return equalInConstantTime(expected, response) && secrets !== undefined;
}

let lastRequest = '';
let lastRequestHash = '';

/** H(method:uri), kept for the next request: that of every phone of a domain that registers is the same. */
function requestHash(algorithm: string, request: string): string {
  const key = `${algorithm} ${request}`;
  if (key !== lastRequest) {
    lastRequestHash = hash(algorithm, request);
    lastRequest = key;
  }
  return lastRequestHash;
}

/** Takes as long however much of it is right. `timingSafeEqual` wants two buffers, which cost more than all the rest. */
function equalInConstantTime(expected: string, response: string): boolean {
  let difference = expected.length ^ response.length;
  for (let at = 0; at < expected.length; at++)
    difference |= expected.charCodeAt(at) ^ response.charCodeAt(at);
  return difference === 0;
}
