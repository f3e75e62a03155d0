import { expect, test } from 'vitest';
import { lanAddress } from './lan-address.ts';

const OWN = ['172.17.0.1', '192.168.1.20', 'fd00::2'];

test('the address of the default route is the one that links name', () => {
  expect(lanAddress(OWN, '192.168.1.20', undefined)).toBe('192.168.1.20');
});

test('without a default route it is the first one', () => {
  expect(lanAddress(OWN, undefined, undefined)).toBe('172.17.0.1');
  expect(lanAddress(OWN, '127.0.0.1', undefined)).toBe('172.17.0.1');
});

test('any address of the machine can be chosen', () => {
  expect(lanAddress(OWN, '192.168.1.20', '172.17.0.1')).toBe('172.17.0.1');
  expect(lanAddress(OWN, '192.168.1.20', '[FD00:0::2]')).toBe('fd00::2');
});

test.for(['127.0.0.1', '192.168.1.21', 'localhost'])(
  '%s is refused with the ones that would do',
  (wished) => {
    expect(() => lanAddress(OWN, '192.168.1.20', wished)).toThrow(
      `Others do not reach this machine at ${wished}. Its addresses are 172.17.0.1 and 192.168.1.20 and fd00::2.`,
    );
  },
);

test('a machine on no network gets a sentence', () => {
  expect(() => lanAddress([], undefined, undefined)).toThrow('This machine is on no network.');
});
