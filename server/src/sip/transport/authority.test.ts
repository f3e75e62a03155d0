import { expect, test } from 'vitest';
import { authorityOf, LastAuthority } from './authority.ts';

test.for<[host: string | undefined, secure: boolean, authority: string | undefined]>([
  ['127.0.0.1:8080', false, '127.0.0.1:8080'],
  ['Phone.Example.org', true, 'phone.example.org:443'],
  ['phone.example.org', false, 'phone.example.org:80'],
  ['[::1]:8080', false, '[::1]:8080'],
  ['[2001:db8::1]', true, '[2001:db8::1]:443'],
  ['perch_backend', false, 'perch_backend:80'],
  ['1und1.example.org', true, '1und1.example.org:443'],
  ['phone.example.org.:8443', true, 'phone.example.org:8443'],
  // Not for JsSIP, for which the last label of a name begins with a letter.
  ['7f3a91bc:8080', false, undefined],
  ['phone.7f', false, undefined],
  ['_phone.example.org', false, undefined],
  [undefined, false, undefined],
  ['', false, undefined],
  ['phone.example.org:99999', false, undefined],
  ['phone.example.org;lr', false, undefined],
  ['user@phone.example.org', false, undefined],
  ['phone.example.org>\r\nX: y', false, undefined],
])('Host %j, secure %s: %j', ([host, secure, authority]) => {
  expect(authorityOf(host, secure)).toBe(authority);
});

test('each origin has its own authority, whichever was asked for last', () => {
  const last = new LastAuthority();
  for (let round = 0; round < 2; round++) {
    expect(last.of('https://phone.example.org', true)).toBe('phone.example.org:443');
    expect(last.of('http://phone.example.org', false)).toBe('phone.example.org:80');
    expect(last.of('http://7f3a:8080', false)).toBeUndefined();
    expect(last.of('http://127.0.0.1:8080', false)).toBe('127.0.0.1:8080');
  }
});
