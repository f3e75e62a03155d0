import { expect, test } from 'vitest';
import { addressOctets } from './ip-address.ts';

test.for([
  ['192.0.2.1', 'c0000201'],
  ['::', '00000000000000000000000000000000'],
  ['::1', '00000000000000000000000000000001'],
  ['2001:db8::8:800:200c:417a', '20010db80000000000080800200c417a'],
  ['fe80::1%eth0', 'fe800000000000000000000000000001'],
  ['2001:db8:1:2:3:4:5:6', '20010db8000100020003000400050006'],
  ['::ffff:192.0.2.1', '00000000000000000000ffffc0000201'],
] as const)('%s', ([address, octets]) => {
  expect(addressOctets(address).toString('hex')).toBe(octets);
});
