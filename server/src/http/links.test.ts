import { expect, test } from 'vitest';
import { enrolmentUrl, isOnlyHere, listeningUrl, setupUrl, sipUrl } from './links.ts';

const tls = { certificateFile: '', keyFile: '' };

test.for([
  [{}, 'http://localhost:8080'],
  [{ tls }, 'https://localhost:8080'],
  [{ host: '0.0.0.0' }, 'http://localhost:8080'],
  [{ host: '::' }, 'http://localhost:8080'],
  [{ host: '192.0.2.7' }, 'http://192.0.2.7:8080'],
  [{ host: '2001:db8::7' }, 'http://[2001:db8::7]:8080'],
  [{ host: '127.0.0.1', publicUrl: new URL('https://phone.example.org') }, 'https://phone.example.org'],
] as const)('a server with %j is at %s', ([given, expected]) => {
  expect(listeningUrl({ host: undefined, tls: undefined, publicUrl: undefined, ...given }, 8080)).toBe(
    expected,
  );
});

test('SIP is a WebSocket beside the pages', () => {
  expect(sipUrl('http://localhost:8080')).toBe('ws://localhost:8080/sip');
  expect(sipUrl('https://phone.example.org')).toBe('wss://phone.example.org/sip');
});

test('the code of a link is behind the #, which browsers do not send', () => {
  expect(enrolmentUrl('http://a', { kind: 'station', number: '201' as never }, 'code')).toBe(
    'http://a/station/201#code',
  );
  expect(enrolmentUrl('http://a', { kind: 'person', number: '101' as never }, 'code')).toBe(
    'http://a/phone/101#code',
  );
  expect(setupUrl('http://a', 'token')).toBe('http://a/setup#token');
});

test.for([
  ['http://localhost:8080/phone/101', true],
  ['http://perch.localhost/', true],
  ['https://127.0.0.1/', true],
  ['https://127.9.9.9:1/', true],
  ['http://[::1]:8080/', true],
  ['http://[::ffff:127.0.0.1]/', true],
  ['http://192.168.1.5:8080/', false],
  ['http://[2001:db8::1]/', false],
  ['https://localhost.example.org/', false],
  ['https://phone.example.org/', false],
] as const)('%s leads every device to itself: %s', ([url, only]) => {
  expect(isOnlyHere(url)).toBe(only);
});
