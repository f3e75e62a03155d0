import type { SipMessage } from '../message.ts';
import { consistsOf, DIGIT, octetsOf, readDecimal } from '../octets.ts';

/** The largest number of seconds that the RFC allows (RFC 3261 §20.19). */
const LARGEST = 2 ** 32 - 1;

/** Expires in seconds; a larger one than 2³²−1 counts as that, a malformed one as absent (RFC 3261 §10.2.1.1, §20.19). */
export const expiresOf = (message: SipMessage): number | undefined =>
  parseSeconds(message.headers.get('expires'));

/** `delta-seconds`, as Expires and the `expires` of a Contact have it; `undefined` where absent or malformed. */
export function parseSeconds(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  const octets = octetsOf(text);
  if (!consistsOf(DIGIT, octets, 0, text.length)) return undefined;
  const seconds = readDecimal(octets, 0, text.length, LARGEST);
  return seconds < 0 ? LARGEST : seconds;
}
