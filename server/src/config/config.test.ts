import { rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { configOf } from './config.ts';
import { Misconfigured } from './misconfigured.ts';
import { CERTIFICATE, KEY, OTHER_KEY } from './tls.fixture.ts';
import { scratchFolder } from '../storage/scratch-folder.fixture.ts';

let folder: string;
let certificate: string;
let key: string;
let otherKey: string;
let garbage: string;

beforeAll(() => {
  folder = scratchFolder();
  const file = (name: string, content: string) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  certificate = file('certificate.pem', CERTIFICATE);
  key = file('key.pem', KEY);
  otherKey = file('other-key.pem', OTHER_KEY);
  garbage = file('garbage.pem', 'garbage');
});
afterAll(() => rmSync(folder, { recursive: true }));

test('without any variable, everything has a default', () => {
  expect(configOf({})).toEqual({
    port: 8080,
    host: undefined,
    dataFolder: resolve('data'),
    publicUrl: undefined,
    tls: undefined,
    iceServers: [],
    trustsProxy: undefined,
    mediaPort: 0,
    mediaAddresses: [],
    logLevel: 'info',
  });
});

test('every variable arrives', () => {
  const config = configOf({
    PERCH_PORT: '0',
    PERCH_HOST: '127.0.0.1',
    PERCH_DATA: '/var/lib/perch',
    PERCH_PUBLIC_URL: 'https://phone.example.org',
    PERCH_TLS_CERT: certificate,
    PERCH_TLS_KEY: key,
    PERCH_ICE_SERVERS: '[{"urls":["stun:a","turn:b"],"username":"u","credential":"c"}]',
    PERCH_TRUST_PROXY: '192.0.2.1',
    PERCH_MEDIA_PORT: '5004',
    PERCH_MEDIA_ADDRESSES: '192.0.2.7, 2001:db8::7',
    PERCH_LOG: 'silent',
  });
  expect(config).toMatchObject({
    port: 0,
    host: '127.0.0.1',
    dataFolder: '/var/lib/perch',
    iceServers: [{ urls: ['stun:a', 'turn:b'], username: 'u', credential: 'c' }],
    mediaPort: 5004,
    mediaAddresses: ['192.0.2.7', '2001:db8::7'],
    logLevel: 'silent',
  });
  expect(config.publicUrl?.origin).toBe('https://phone.example.org');
  expect(config.tls?.key).toContain('PRIVATE KEY');
  expect(config.trustsProxy?.('192.0.2.1')).toBe(true);
});

test('an empty variable is one that is not set', () => {
  expect(configOf({ PERCH_PUBLIC_URL: '', PERCH_PORT: ' ' })).toEqual(configOf({}));
});

test('variables of others are not ours to judge', () => {
  expect(configOf({ PATH: '/bin', PERCH_SERVICE_HOST: '10.0.0.7' })).toEqual(configOf({}));
});

test.for([
  ['loopback', '127.0.0.1', true],
  ['loopback', '::1', true],
  ['loopback', '::ffff:127.0.0.1', true],
  ['loopback', '10.0.0.1', false],
  ['private', '192.168.7.7', true],
  ['private', 'fd00::1', true],
  ['private', '8.8.8.8', false],
  ['loopback, 203.0.113.0/24', '203.0.113.200', true],
  ['2001:db8::/32', '2001:db8:1::1', true],
  ['203.0.113.5', '203.0.113.6', false],
  ['loopback', 'unix socket', false],
] as const)('PERCH_TRUST_PROXY=%s, a peer at %s: %s', ([text, address, trusted]) => {
  expect(configOf({ PERCH_TRUST_PROXY: text }).trustsProxy?.(address)).toBe(trusted);
});

test.for([
  [{ PERCH_PORT: 'http' }, /PERCH_PORT is http; a port is a number from 0 to 65535/],
  [{ PERCH_PORT: '65536' }, /PERCH_PORT is 65536/],
  [{ PERCH_PORT: '-1' }, /PERCH_PORT is -1/],
  [{ PERCH_MEDIA_PORT: '1e3' }, /PERCH_MEDIA_PORT is 1e3/],
  [{ PERCH_PUBLIC_URL: 'phone.example.org' }, /PERCH_PUBLIC_URL is phone\.example\.org; it looks like https/],
  [{ PERCH_PUBLIC_URL: 'ftp://phone.example.org' }, /it looks like https/],
  [{ PERCH_PUBLIC_URL: 'http://phone.example.org/perch' }, /a host and a port only, such as http:\/\/phone/],
  [{ PERCH_PUBLIC_URL: 'https://phone.example.org' }, /begins with https:, but nothing here speaks it/],
  [{ PERCH_TLS_CERT: '/c.pem' }, /set together or not at all/],
  [{ PERCH_TLS_KEY: '/k.pem' }, /set together or not at all/],
  [{ PERCH_ICE_SERVERS: 'stun:stun.example.org' }, /PERCH_ICE_SERVERS is no JSON/],
  [{ PERCH_ICE_SERVERS: '{"urls":"stun:a"}' }, /no array of servers/],
  [{ PERCH_ICE_SERVERS: '[{"urls":"http://a"}]' }, /http:\/\/a, which is no stun/],
  [{ PERCH_ICE_SERVERS: '[{"urls":"turn:a"}]' }, /turn:a without a username/],
  [{ PERCH_TRUST_PROXY: 'true' }, /PERCH_TRUST_PROXY has true; each is an address/],
  [{ PERCH_TRUST_PROXY: '10.0.0.0/33' }, /10\.0\.0\.0\/33/],
  [{ PERCH_MEDIA_ADDRESSES: 'phone.example.org' }, /phone\.example\.org, which is no IP address/],
  [{ PERCH_LOG: 'verbose' }, /PERCH_LOG is verbose; it is one of silent,/],
] as const)('%j is refused with a sentence', ([environment, sentence]) => {
  expect(() => configOf(environment)).toThrow(Misconfigured);
  expect(() => configOf(environment)).toThrow(sentence);
});

test('certificates are checked at start, not at the first handshake', () => {
  const tls = (PERCH_TLS_CERT: string, PERCH_TLS_KEY: string) => () =>
    configOf({ PERCH_TLS_CERT, PERCH_TLS_KEY });
  expect(tls(certificate, key)).not.toThrow();
  expect(tls(join(folder, 'none'), key)).toThrow(/PERCH_TLS_CERT names .*none, which cannot be read/);
  expect(tls(garbage, key)).toThrow(/garbage\.pem, which is no certificate in PEM form/);
  expect(tls(certificate, garbage)).toThrow(/garbage\.pem, which is no private key in PEM form/);
  expect(tls(certificate, otherKey)).toThrow(/does not belong to the certificate/);
});

test('http: in public and TLS here contradict each other', () => {
  const environment = { PERCH_PUBLIC_URL: 'http://a.test', PERCH_TLS_CERT: certificate, PERCH_TLS_KEY: key };
  expect(() => configOf(environment)).toThrow(/the server speaks https: only/);
});
