import { fromOf } from '../essentials.ts';
import type { SipRequest } from '../message.ts';
import { parseUri } from './uri.ts';

/** The From of a caller whose identity is withheld (RFC 3323 §4.1.1.3). */
export const ANONYMOUS_URI = 'sip:anonymous@anonymous.invalid';

/** Privacy values that ask for a number and name to be withheld (RFC 3323 §4.2, RFC 3325 §9.3). */
const WITHHOLDING: ReadonlySet<string> = new Set(['id', 'user', 'header']);

/** Is an address anonymous: the user `anonymous`, or a host that cannot exist (RFC 2606 §2)? */
export function isAnonymous(uri: string): boolean {
  const address = parseUri(uri);
  if (address === undefined) return false;
  return address.user?.toLowerCase() === 'anonymous' || /(^|\.)invalid$/.test(address.host);
}

/** Does a request ask for its sender's number and name to be withheld from the other side (RFC 3323, RFC 3325)? */
export function withholdsIdentity(request: SipRequest): boolean {
  if (isAnonymous(fromOf(request).uri)) return true;
  const wishes = request.headers.all('privacy').flatMap((value) => value.toLowerCase().split(/[;,]/));
  return wishes.some((wish) => WITHHOLDING.has(wish.trim()));
}
