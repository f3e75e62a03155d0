import { rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { configOf } from './config.ts';
import { Misconfigured } from './misconfigured.ts';
import { CERTIFICATE, KEY, OTHER_KEY } from './support/certificate.ts';
import { scratchFolder } from '../storage/support/scratch-folder.ts';

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
    turn: undefined,
    trustsProxy: undefined,
    mediaPort: 0,
    mediaAddresses: [],
    noAnswerMs: 25_000,
    voicemail: { messages: 100, totalMs: 60 * 60_000, retentionMs: null },
    minFreeDiskBytes: 256_000_000,
    mail: undefined,
    push: { contact: 'https://localhost', isOwn: undefined },
    openId: undefined,
    metricsToken: undefined,
    sendsTraces: false,
    isDescribedToAll: false,
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
    PERCH_TURN_URLS: 'turn:a:3478?transport=udp, turns:b',
    PERCH_TURN_SECRET: 'north-of-the-river',
    PERCH_TRUST_PROXY: '192.0.2.1',
    PERCH_MEDIA_PORT: '5004',
    PERCH_MEDIA_ADDRESSES: '192.0.2.7, 2001:db8::7',
    PERCH_NO_ANSWER_SECONDS: '5',
    PERCH_VOICEMAIL_MESSAGES: '7',
    PERCH_VOICEMAIL_MINUTES: '2',
    PERCH_VOICEMAIL_DAYS: '30',
    PERCH_MIN_FREE_DISK_MB: '1',
    PERCH_SMTP_URL: 'smtps://perch:p%40ss@mail.example.org',
    PERCH_MAIL_FROM: 'Perch <voicemail@example.org>',
    PERCH_METRICS_TOKEN: '0123456789abcdef',
    PERCH_LOG: 'silent',
  });
  expect(config).toMatchObject({
    port: 0,
    host: '127.0.0.1',
    dataFolder: '/var/lib/perch',
    iceServers: [{ urls: ['stun:a', 'turn:b'], username: 'u', credential: 'c' }],
    turn: { urls: ['turn:a:3478?transport=udp', 'turns:b'], secret: 'north-of-the-river' },
    mediaPort: 5004,
    mediaAddresses: ['192.0.2.7', '2001:db8::7'],
    noAnswerMs: 5_000,
    voicemail: { messages: 7, totalMs: 120_000, retentionMs: 30 * 86_400_000 },
    minFreeDiskBytes: 1_000_000,
    mail: {
      server: {
        host: 'mail.example.org',
        port: 465,
        secure: true,
        account: { user: 'perch', password: 'p@ss' },
      },
      from: { name: 'Perch', address: 'voicemail@example.org' },
    },
    metricsToken: '0123456789abcdef',
    logLevel: 'silent',
  });
  expect(config.publicUrl?.origin).toBe('https://phone.example.org');
  expect(config.mail?.publicUrl).toBe(config.publicUrl);
  expect(config.tls).toEqual({ certificateFile: certificate, keyFile: key });
  expect(config.trustsProxy?.('192.0.2.1')).toBe(true);
});

test('an empty variable is one that is not set', () => {
  expect(configOf({ PERCH_PUBLIC_URL: '', PERCH_PORT: ' ' })).toEqual(configOf({}));
});

test('an IPv6 address may have its brackets', () => {
  expect(configOf({ PERCH_HOST: '[::1]' }).host).toBe('::1');
});

test('variables of other programs are ignored', () => {
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
  [{ PERCH_TURN_URLS: 'turn:a' }, /set together/],
  [{ PERCH_TURN_SECRET: 'north-of-the-river' }, /set together/],
  [{ PERCH_TURN_URLS: 'turn:a', PERCH_TURN_SECRET: 'short' }, /PERCH_TURN_SECRET has fewer than 16/],
  [{ PERCH_TURN_URLS: 'turn:a,stun:b', PERCH_TURN_SECRET: 'north-of-the-river' }, /has stun:b, which is no/],
  [{ PERCH_TURN_URLS: 'https://a', PERCH_TURN_SECRET: 'north-of-the-river' }, /has https:\/\/a, which is no/],
  [{ PERCH_TRUST_PROXY: 'true' }, /PERCH_TRUST_PROXY has true; each is an address/],
  [{ PERCH_TRUST_PROXY: '10.0.0.0/33' }, /10\.0\.0\.0\/33/],
  [{ PERCH_MEDIA_ADDRESSES: 'phone.example.org' }, /phone\.example\.org, which is no IP address/],
  [{ PERCH_NO_ANSWER_SECONDS: '4' }, /PERCH_NO_ANSWER_SECONDS is 4; how long a call rings is .* 5 to 180/],
  [{ PERCH_NO_ANSWER_SECONDS: '181' }, /PERCH_NO_ANSWER_SECONDS is 181/],
  [{ PERCH_NO_ANSWER_SECONDS: '7.5' }, /PERCH_NO_ANSWER_SECONDS is 7\.5/],
  [{ PERCH_VOICEMAIL_MESSAGES: '0' }, /PERCH_VOICEMAIL_MESSAGES is 0/],
  [{ PERCH_VOICEMAIL_MINUTES: '-1' }, /PERCH_VOICEMAIL_MINUTES is -1/],
  [{ PERCH_VOICEMAIL_DAYS: '0' }, /PERCH_VOICEMAIL_DAYS is 0/],
  [{ PERCH_MIN_FREE_DISK_MB: '0' }, /PERCH_MIN_FREE_DISK_MB is 0/],
  [{ PERCH_SMTP_URL: 'smtp://a.test' }, /PERCH_SMTP_URL and PERCH_MAIL_FROM are set together/],
  [{ PERCH_MAIL_FROM: 'a@b.test' }, /PERCH_SMTP_URL and PERCH_MAIL_FROM are set together/],
  [{ PERCH_SMTP_URL: 'smtp://a.test', PERCH_MAIL_FROM: 'a@b.test' }, /but not PERCH_PUBLIC_URL/],
  [
    { PERCH_OIDC_ISSUER: 'https://login.test' },
    /PERCH_OIDC_ISSUER and PERCH_OIDC_CLIENT_ID are set together/,
  ],
  [{ PERCH_OIDC_ISSUER: 'https://login.test', PERCH_OIDC_CLIENT_ID: 'perch' }, /needs PERCH_PUBLIC_URL/],
  [
    { PERCH_OIDC_ISSUER: 'http://login.test', PERCH_OIDC_CLIENT_ID: 'perch' },
    /PERCH_OIDC_ISSUER is http:\/\/login\.test; it looks like/,
  ],
  [{ PERCH_API_DESCRIPTION: 'nobody' }, /PERCH_API_DESCRIPTION is nobody; it is people or anyone/],
  [{ PERCH_METRICS_TOKEN: 'short' }, /PERCH_METRICS_TOKEN is 16 to 128/],
  [{ PERCH_METRICS_TOKEN: 'a token with spaces' }, /PERCH_METRICS_TOKEN is 16 to 128/],
  [{ PERCH_LOG: 'verbose' }, /PERCH_LOG is verbose; it is one of silent,/],
] as const)('%j is refused with a sentence', ([environment, sentence]) => {
  expect(() => configOf(environment)).toThrow(Misconfigured);
  expect(() => configOf(environment)).toThrow(sentence);
});

const mail = (PERCH_SMTP_URL: string, PERCH_MAIL_FROM = 'a@b.test') =>
  configOf({ PERCH_PUBLIC_URL: 'http://phone.test', PERCH_SMTP_URL, PERCH_MAIL_FROM }).mail;

test.for([
  ['smtp://localhost', { host: 'localhost', port: 587, secure: false, account: undefined }],
  ['smtp://[::1]:25/', { host: '::1', port: 25, secure: false, account: undefined }],
  ['smtps://a.test:4650', { host: 'a.test', port: 4650, secure: true, account: undefined }],
] as const)('%s is a mail server', ([url, server]) => {
  expect(mail(url)?.server).toEqual(server);
});

test.for([
  ['a@b.test', { name: '', address: 'a@b.test' }],
  ['<a@b.test>', { name: '', address: 'a@b.test' }],
  ['Perch, the phone <a@b.test>', { name: 'Perch, the phone', address: 'a@b.test' }],
  ['"Perch" <a@b.test>', { name: 'Perch', address: 'a@b.test' }],
] as const)('mail comes from %s', ([text, from]) => {
  expect(mail('smtp://localhost', text)?.from).toEqual(from);
});

test.for([
  'a',
  'a@',
  'a@b.test, c@d.test',
  'A <a@b.test> <c@d.test>',
  'a@b.test\r\nBcc: c@d.test',
  'A\r\nBcc: <c@d.test>',
  '<>',
])('%j is not a sender', (from) => {
  expect(() => mail('smtp://localhost', from)).toThrow(/PERCH_MAIL_FROM is .*; it looks like/s);
});

test.for([
  ['mail.example.org', /it looks like smtps:/],
  ['https://mail.example.org', /it looks like smtps:/],
  ['smtp:', /it looks like smtps:/],
  ['smtps://u:hunter2@mail example', /it looks like smtps:/],
  ['smtps://u:hunter2/@mail.example.org', /it looks like smtps:|ends there/],
  ['smtps://u:hunter2@mail.example.org/?pool=true', /ends there/],
  ['smtps://u:hunter2%@mail.example.org', /write it as %25/],
  ['smtps://u@mail.example.org', /a user without a password/],
  ['smtps://:hunter2@mail.example.org', /a password without a user/],
] as const)('%s is not a mail server, and no message repeats a password', ([url, sentence]) => {
  expect(() => mail(url)).toThrow(sentence);
  expect(() => mail(url)).not.toThrow(/hunter2/);
});

test('certificates are checked at start, not at the first handshake', () => {
  const tls = (PERCH_TLS_CERT: string, PERCH_TLS_KEY: string) => () =>
    configOf({ PERCH_TLS_CERT, PERCH_TLS_KEY });
  expect(tls(certificate, key)).not.toThrow();
  expect(tls(join(folder, 'none'), key)).toThrow(/PERCH_TLS_CERT names .*none, which cannot be read/);
  expect(tls(garbage, key)).toThrow(/garbage\.pem, which is not a certificate in PEM form/);
  expect(tls(certificate, garbage)).toThrow(/garbage\.pem, which is not a private key in PEM form/);
  expect(tls(certificate, otherKey)).toThrow(/does not belong to the certificate/);
});

test('http: in public and TLS here contradict each other', () => {
  const environment = { PERCH_PUBLIC_URL: 'http://a.test', PERCH_TLS_CERT: certificate, PERCH_TLS_KEY: key };
  expect(() => configOf(environment)).toThrow(/the server speaks https: only/);
});

test('a sign-in provider has a name, and knows everyone, unless it is said otherwise', () => {
  const least = {
    PERCH_PUBLIC_URL: 'http://phone.example.org',
    PERCH_OIDC_ISSUER: 'https://login.example.org/realm',
    PERCH_OIDC_CLIENT_ID: 'perch',
  };
  expect(configOf(least).openId).toEqual({
    issuer: new URL('https://login.example.org/realm'),
    clientId: 'perch',
    clientSecret: undefined,
    name: 'login.example.org',
    organizations: undefined,
    secondFactor: ['mfa'],
    publicUrl: new URL('http://phone.example.org'),
  });
  const all = {
    ...least,
    PERCH_OIDC_CLIENT_SECRET: 'south-of-the-river',
    PERCH_OIDC_NAME: 'Example Login',
    PERCH_OIDC_ORGANIZATIONS: 'Phone.example.org, other.test',
    PERCH_OIDC_SECOND_FACTOR: 'otp, hwk',
  };
  expect(configOf(all).openId).toMatchObject({
    clientSecret: 'south-of-the-river',
    name: 'Example Login',
    organizations: ['phone.example.org', 'other.test'],
    secondFactor: ['otp', 'hwk'],
  });
});

test.for([
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:4318' }, true],
  [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://localhost:4318/v1/traces' }, true],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:4318', OTEL_SDK_DISABLED: 'TRUE' }, false],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: '' }, false],
] as const)('with %j, calls go to a collector: %s', ([environment, expected]) => {
  expect(configOf(environment).sendsTraces).toBe(expected);
});
