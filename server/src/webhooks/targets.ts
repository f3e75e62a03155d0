import { isIP } from 'node:net';
import { isPublicAddress } from '../network/public-address.ts';

/** Does the operator let messages go to this address of an inner network? */
export type Allows = (address: string) => boolean;

/** May a message go to that address? @param isPlain without encryption messages go to the operator's networks only. */
export const mayReach =
  (allows: Allows | undefined, isPlain: boolean): Allows =>
  (address) =>
    allows?.(address) === true || (!isPlain && isPublicAddress(address));

/** The host of a URL, without the brackets of an IPv6 address. */
const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[(.*)\]$/, '$1');

/** Why no message may go to that URL, in words for people; `undefined` where one may, as far as it says. PURE. */
export function refusalOf(url: URL, allows: Allows | undefined): string | undefined {
  if (url.username !== '' || url.password !== '') return 'Leave out the user name and the password.';
  const isPlain = url.protocol === 'http:';
  if (url.protocol !== 'https:' && !(isPlain && allows !== undefined))
    return 'The address begins with https://.';
  const host = hostOf(url);
  return isIP(host) !== 0 && !mayReach(allows, isPlain)(host) ? NOT_REACHED : undefined;
}

export const NOT_REACHED = 'Messages do not go to addresses of this machine or of inner networks.';
