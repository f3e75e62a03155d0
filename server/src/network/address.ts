import { isIP } from 'node:net';

/**
 * An IP address as headers and sockets write it: with a port, in brackets, quoted (RFC 7239 §6), with a zone (RFC 4007 §11),
 * or an IPv4 address inside an IPv6 one (RFC 4291 §2.5.5.2).
 * @returns the address alone in its canonical form (RFC 5952); `undefined` where the text is no address.
 */
export function parseAddress(text: string): string | undefined {
  const bare = text.trim().replace(/^"(.*)"$/, '$1');
  const [, bracketed, plain] = /^(?:\[([^\]]*)\]|([^\s:]+))(?::(?:\d{1,5}|_[\w.-]+))?$/.exec(bare) ?? [];
  const address = (bracketed ?? plain ?? bare).replace(/%.*$/, '');
  const family = isIP(address);
  if (family === 4) return bracketed === undefined ? address : undefined;
  if (family === 0) return undefined;
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1);
  return mappedIpv4(canonical) ?? canonical;
}

/**
 * Who shares limits with an address: an IPv6 host has a whole /64 to itself and may use a new address for each try
 * (RFC 4291 §2.5.4).
 * @param address as `parseAddress` returns it; any other text is returned unchanged.
 */
export function networkOf(address: string): string {
  if (isIP(address) !== 6) return address;
  const [head = '', tail] = address.split('::');
  const groups = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  if (tail !== undefined)
    groups.push(...new Array<string>(8 - groups.length - after.length).fill('0'), ...after);
  return `${groups.slice(0, 4).join(':')}::/64`;
}

/** The URL parser writes `::ffff:192.0.2.1` as `::ffff:c000:201`. */
function mappedIpv4(canonical: string): string | undefined {
  const [, high, low] = /^::ffff:([\da-f]{1,4}):([\da-f]{1,4})$/.exec(canonical) ?? [];
  if (high === undefined || low === undefined) return undefined;
  const octets = Buffer.alloc(4);
  octets.writeUInt16BE(parseInt(high, 16), 0);
  octets.writeUInt16BE(parseInt(low, 16), 2);
  return octets.join('.');
}
