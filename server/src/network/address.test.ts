import { expect, test } from 'vitest';
import { networkOf, parseAddress } from './address.ts';

test.for([
  ['203.0.113.9', '203.0.113.9'],
  [' 203.0.113.9 ', '203.0.113.9'],
  ['203.0.113.9:50000', '203.0.113.9'],
  ['203.0.113.9:_hidden', '203.0.113.9'],
  ['"203.0.113.9:50000"', '203.0.113.9'],
  ['[2001:db8::9]:443', '2001:db8::9'],
  ['[2001:db8::9]', '2001:db8::9'],
  ['"[2001:db8::9]:443"', '2001:db8::9'],
  ['2001:DB8:0:0::9', '2001:db8::9'],
  ['fe80::1%eth0', 'fe80::1'],
  ['[fe80::1%25eth0]:443', 'fe80::1'],
  ['::ffff:203.0.113.9', '203.0.113.9'],
  ['[::ffff:203.0.113.9]:443', '203.0.113.9'],
  ['0:0:0:0:0:ffff:cb00:7109', '203.0.113.9'],
  ['::1', '::1'],
  ['unknown', undefined],
  ['_hidden', undefined],
  ['', undefined],
  [':443', undefined],
  ['[]:443', undefined],
  ['[203.0.113.9]:443', undefined],
  ['203.0.113.9:port', undefined],
  ['203.0.113.999', undefined],
  ['203.0.113.9, 10.0.0.1', undefined],
  ['phone.example.org', undefined],
  ['[2001:db8::9', undefined],
  ['2001:db8::9/64', undefined],
] as const)('%j is the address %s', ([text, address]) => {
  expect(parseAddress(text)).toBe(address);
});

test.for([
  ['203.0.113.9', '203.0.113.9'],
  ['2001:db8::9', '2001:db8:0:0::/64'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8:1:2::6', '2001:db8:1:2::/64'],
  ['2001:db8:1::2:3:4:5', '2001:db8:1:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['', ''],
] as const)('%s shares limits with %s', ([address, network]) => {
  expect(networkOf(address)).toBe(network);
});
