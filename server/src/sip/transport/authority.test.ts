import { expect, test } from 'vitest';
import { authorityOf } from './authority.ts';

test.for<[host: string | undefined, secure: boolean, authority: string | undefined]>([
  ['127.0.0.1:8080', false, '127.0.0.1:8080'],
  ['Phone.Example.org', true, 'phone.example.org:443'],
  ['phone.example.org', false, 'phone.example.org:80'],
  ['[::1]:8080', false, '[::1]:8080'],
  ['[2001:db8::1]', true, '[2001:db8::1]:443'],
  [undefined, false, undefined],
  ['', false, undefined],
  ['phone.example.org:99999', false, undefined],
  ['phone.example.org;lr', false, undefined],
  ['user@phone.example.org', false, undefined],
  ['phone.example.org>\r\nX: y', false, undefined],
])('Host %j, secure %s: %j', ([host, secure, authority]) => {
  expect(authorityOf(host, secure)).toBe(authority);
});
