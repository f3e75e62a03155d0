/** The 4 or 16 octets of an IP address as Node writes it (RFC 5952), a zone (`%eth0`) left out. */
export function addressOctets(address: string): Buffer {
  if (!address.includes(':')) return Buffer.from(address.split('.').map(Number));
  const text = address.replace(/%.*$/, '').replace(/[^:]*\.[^:]*$/, dottedAsGroups);
  const [head = '', tail] = text.split('::');
  const before = groups(head);
  const after = tail === undefined ? [] : groups(tail);
  const zeros = new Array<number>(8 - before.length - after.length).fill(0);
  const octets = Buffer.alloc(16);
  [...before, ...zeros, ...after].forEach((group, i) => octets.writeUInt16BE(group, i * 2));
  return octets;
}

/** Is it an IPv6 address, as opposed to an IPv4 one? */
export const isIpv6 = (address: string): boolean => address.includes(':');

const groups = (text: string): number[] => (text === '' ? [] : text.split(':').map((g) => parseInt(g, 16)));

/** The last part of `::ffff:192.0.2.1` as two groups (RFC 4291 §2.2). */
function dottedAsGroups(dotted: string): string {
  const octets = Buffer.from(dotted.split('.').map(Number));
  return `${octets.readUInt16BE(0).toString(16)}:${octets.readUInt16BE(2).toString(16)}`;
}
