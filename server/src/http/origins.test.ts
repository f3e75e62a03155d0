import { expect, test } from 'vitest';
import { addressOf, isOwnOrigin } from './origins.ts';

test.for([
  ['no proxy is trusted', undefined, '198.51.100.1', '203.0.113.9'],
  ['the peer is a proxy', ['203.0.113.9'], '198.51.100.1', '198.51.100.1'],
  ['a proxy behind a proxy', ['203.0.113.9', '10.0.0.1'], '198.51.100.1, 10.0.0.1', '198.51.100.1'],
  ['what the browser itself claims', ['203.0.113.9'], '1.1.1.1, 198.51.100.1', '198.51.100.1'],
  ['the proxy says nothing', ['203.0.113.9'], undefined, '203.0.113.9'],
] as const)('whose request it is: %s', ([, trusted, forwarded, expected]) => {
  const request = {
    headers: { 'x-forwarded-for': forwarded },
    socket: { remoteAddress: '203.0.113.9' },
  };
  const trusts = trusted && ((address: string) => trusted.some((one) => one === address));
  expect(addressOf(request as never, trusts)).toBe(expected);
});

test.for([
  ['http://localhost:8080', 'localhost:8080', undefined, true],
  ['http://localhost:8081', 'localhost:8080', undefined, false],
  ['https://evil.test', 'phone.example.org', 'https://phone.example.org', false],
  ['https://phone.example.org', '10.0.0.7:8080', 'https://phone.example.org', true],
  ['http://phone.example.org.evil.test', 'phone.example.org', undefined, false],
  ['null', 'localhost', undefined, false],
  ['null', undefined, undefined, false],
  ['', undefined, undefined, false],
] as const)('a page of %s at host %s, known as %s, is ours: %s', ([origin, host, publicUrl, own]) => {
  expect(isOwnOrigin(origin, host, publicUrl === undefined ? undefined : new URL(publicUrl))).toBe(own);
});
