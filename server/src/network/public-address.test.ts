import type { LookupAddress } from 'node:dns';
import { expect, test } from 'vitest';
import { guardedLookup, isPublicAddress } from './public-address.ts';

test.for(['1.1.1.1', '192.0.1.1', '172.32.0.1', '2606:4700:4700::1111', '2a00:1450:4001:81b::200a'])(
  '%s is public',
  (address) => {
    expect(isPublicAddress(address)).toBe(true);
  },
);

test.for([
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '127.0.0.1',
  '127.255.255.254',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.8',
  '192.168.1.1',
  '198.18.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
  '::127.0.0.1',
  '64:ff9b::7f00:1',
  '2002:7f00:1::',
  '2001:db8::1',
  'fc00::1',
  'fd12::1',
  'fe80::1',
  'fe80::1%eth0',
  'ff02::1',
  'localhost',
  '',
])('%s is not', (address) => {
  expect(isPublicAddress(address)).toBe(false);
});

const looked = (host: string, isAllowed: (address: string) => boolean, all: boolean) =>
  new Promise<string | LookupAddress[]>((resolve, reject) => {
    guardedLookup(isAllowed)(host, { all }, (error, address) => {
      if (error) reject(error);
      else resolve(address);
    });
  });

test('a name leads only to addresses that may be reached', async () => {
  await expect(looked('localhost', isPublicAddress, false)).rejects.toThrow(/localhost has no address/);
  await expect(looked('localhost', isPublicAddress, true)).rejects.toThrow(/localhost has no address/);
  const isLoopback = (address: string) => address === '127.0.0.1' || address === '::1';
  expect(['127.0.0.1', '::1']).toContain(await looked('localhost', isLoopback, false));
  expect(await looked('localhost', isLoopback, true)).not.toEqual([]);
});

test('a name that nobody has is reported as such', async () => {
  await expect(looked('nobody.invalid', () => true, false)).rejects.toThrow(/ENOTFOUND|EAI_AGAIN/);
});
