import type { LookupAllOptions } from 'node:dns';
import { lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { parseAddress } from './address.ts';

/** Addresses that are not of the public internet (RFC 6890, and the registries that it began). */
const SPECIAL: readonly (readonly [network: string, prefix: number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
  ['::', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
  ['5f00::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
];

const special = new BlockList();
for (const [network, prefix] of SPECIAL)
  special.addSubnet(network, prefix, isIP(network) === 4 ? 'ipv4' : 'ipv6');

/** Is that an address of the public internet, and not of this machine, its networks, or of those that translate into them? */
export function isPublicAddress(text: string): boolean {
  const address = parseAddress(text);
  if (address === undefined) return false;
  return !special.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6');
}

/**
 * Looks a host name up for a connection to an address that a stranger has given. The connection goes to what was checked, so that a name that
 * leads elsewhere a moment later leads nowhere. Host names that are addresses are not looked up: ask `isAllowed` of those before.
 * @param isAllowed which addresses may be reached.
 */
export const guardedLookup =
  (isAllowed: (address: string) => boolean): LookupFunction =>
  (host, options, answer) => {
    lookup(host, { ...options, all: true } as LookupAllOptions, (error, found) => {
      if (error) {
        answer(error, '', 0);
        return;
      }
      const allowed = found.filter(({ address }) => isAllowed(address));
      const [first] = allowed;
      if (first === undefined) answer(new ForbiddenAddress(host), '', 0);
      else if (options.all === true) answer(null, allowed);
      else answer(null, first.address, first.family);
    });
  };

/** That host has no address that may be reached. */
export class ForbiddenAddress extends Error {
  constructor(host: string) {
    super(`${host} has no address that this server may reach`);
    this.name = 'ForbiddenAddress';
  }
}
