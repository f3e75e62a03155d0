import process from 'node:process';
import { expect, test } from 'vitest';
import { arrivalOf, isOwnOrigin } from './arrival.ts';

interface Request {
  readonly peer?: string;
  readonly encrypted?: boolean;
  readonly [header: string]: string | boolean | undefined;
}

const PROXIES = new Set(['203.0.113.9', '10.0.0.1', '2001:db8::1']);

const arrival = ({ peer = '203.0.113.9', encrypted, ...headers }: Request, publicUrl?: string) =>
  arrivalOf(
    {
      headers,
      socket: { remoteAddress: peer, encrypted, localAddress: '::ffff:127.0.0.1', localPort: 8080 },
    } as never,
    {
      trustsProxy: (address) => PROXIES.has(address),
      publicUrl: publicUrl === undefined ? undefined : new URL(publicUrl),
    },
  );

test.for<[string, Request, string]>([
  ['the peer is no proxy', { peer: '198.51.100.7', 'x-forwarded-for': '198.51.100.1' }, '198.51.100.7'],
  ['the peer is a proxy', { 'x-forwarded-for': '198.51.100.1' }, '198.51.100.1'],
  [
    'the peer is a proxy on a dual-stack socket',
    { peer: '::ffff:203.0.113.9', 'x-forwarded-for': '198.51.100.1' },
    '198.51.100.1',
  ],
  ['a proxy behind a proxy', { 'x-forwarded-for': '198.51.100.1, 10.0.0.1' }, '198.51.100.1'],
  ['what the browser itself claims', { 'x-forwarded-for': '1.1.1.1, 198.51.100.1' }, '198.51.100.1'],
  ['the proxy says nothing', {}, '203.0.113.9'],
  ['the proxy adds a port', { 'x-forwarded-for': '198.51.100.1:50000' }, '198.51.100.1'],
  [
    'a proxy adds a port to a proxy',
    { 'x-forwarded-for': '198.51.100.1:50000, 10.0.0.1:443' },
    '198.51.100.1',
  ],
  ['an IPv6 address with a port', { 'x-forwarded-for': '[2001:db8::9]:443' }, '2001:db8::9'],
  ['a proxy that writes mapped addresses', { 'x-forwarded-for': '::ffff:198.51.100.1' }, '198.51.100.1'],
  ['garbage', { 'x-forwarded-for': 'anything' }, '203.0.113.9'],
  ['garbage behind a proxy', { 'x-forwarded-for': 'anything, 10.0.0.1' }, '10.0.0.1'],
  ['Forwarded', { forwarded: 'for=198.51.100.1;proto=https' }, '198.51.100.1'],
  ['Forwarded with IPv6', { forwarded: 'For="[2001:db8::9]:4711"' }, '2001:db8::9'],
  ['Forwarded by two', { forwarded: 'for=1.1.1.1, for=198.51.100.1, for=10.0.0.1' }, '198.51.100.1'],
  [
    'Forwarded by a proxy, behind a quote that nobody closes',
    { forwarded: 'for="1.1.1.1\\", for=198.51.100.1' },
    '198.51.100.1',
  ],
  [
    'Forwarded with a comma in quotes',
    { forwarded: 'for="1.1.1.1, for=2.2.2.2", for=198.51.100.1' },
    '198.51.100.1',
  ],
  ['Forwarded, hidden', { forwarded: 'for=_secret' }, '203.0.113.9'],
  [
    'Forwarded by the visitor, past a proxy that sets the other',
    { forwarded: 'for=1.1.1.1', 'x-forwarded-for': '198.51.100.1' },
    '203.0.113.9',
  ],
  [
    'both, and they agree',
    { forwarded: 'for=198.51.100.1', 'x-forwarded-for': '198.51.100.1:77' },
    '198.51.100.1',
  ],
  ['Forwarded from no proxy', { peer: '198.51.100.7', forwarded: 'for=1.1.1.1' }, '198.51.100.7'],
])('a visitor’s address: %s', ([, request, visitor]) => {
  expect(arrival(request).visitor).toBe(visitor);
});

test.for<[string, Request, string]>([
  ['nothing is forwarded', { host: 'phone.example.org' }, 'http://phone.example.org'],
  ['our own TLS', { host: 'phone.example.org', encrypted: true }, 'https://phone.example.org'],
  ['an IPv6 host', { host: '[::1]:8080' }, 'http://[::1]:8080'],
  [
    'the usual port is written',
    { host: 'phone.example.org:443', encrypted: true },
    'https://phone.example.org',
  ],
  [
    'a proxy names another host',
    { host: 'localhost', 'x-forwarded-host': 'localhost:39367' },
    'http://localhost:39367',
  ],
  [
    'a peer that is not a proxy does',
    {
      peer: '198.51.100.7',
      host: 'localhost',
      'x-forwarded-host': 'evil.test',
      'x-forwarded-proto': 'https',
    },
    'http://localhost',
  ],
  [
    'scheme and port are given separately',
    { host: 'phone.example.org', 'x-forwarded-proto': 'https', 'x-forwarded-port': '8443' },
    'https://phone.example.org:8443',
  ],
  [
    'the port is given twice',
    { 'x-forwarded-host': 'phone.example.org:8443', 'x-forwarded-port': '443', 'x-forwarded-proto': 'https' },
    'https://phone.example.org:8443',
  ],
  [
    'as Azure and Amazon send it',
    { host: 'phone.example.org', 'x-forwarded-proto': 'https', 'x-forwarded-port': '443' },
    'https://phone.example.org',
  ],
  [
    'two proxies, each with its own',
    {
      'x-forwarded-for': '198.51.100.1, 10.0.0.1',
      'x-forwarded-host': 'evil.test, phone.example.org, inner.example.org',
      'x-forwarded-proto': 'https, http',
    },
    'https://phone.example.org',
  ],
  [
    'the browser claims a host, and the proxy adds its own',
    { 'x-forwarded-for': '198.51.100.1', 'x-forwarded-host': 'evil.test, phone.example.org' },
    'http://phone.example.org',
  ],
  [
    'Forwarded',
    { host: 'localhost', forwarded: 'for=198.51.100.1;host="phone.example.org:8443";proto=https' },
    'https://phone.example.org:8443',
  ],
  ['the forwarded host is malformed', { host: 'localhost', 'x-forwarded-host': 'a/b' }, 'http://localhost'],
  ['no host at all', {}, 'http://127.0.0.1:8080'],
  ['a malformed host', { host: 'user@evil.test/path' }, 'http://127.0.0.1:8080'],
  ['a host that would end a directive', { host: 'phone.example.org;x' }, 'http://127.0.0.1:8080'],
  ['two hosts', { host: 'phone.example.org,x' }, 'http://127.0.0.1:8080'],
])('our own address: %s', ([, request, origin]) => {
  expect(arrival(request).origin).toBe(origin);
});

test('a Forwarded field of any shape is read in linear time', () => {
  const pieces = ['a', 'a=,', '"', '\\', 'a="', ' ', 'for="\\'].map((piece) => piece.repeat(100_000));
  const shapes = [...pieces, `"${'\\"'.repeat(100_000)}`];
  const { user } = process.cpuUsage();
  for (const forwarded of shapes) arrival({ forwarded: `x${forwarded}` });
  // Milliseconds of this process, however busy the machine is; it takes about a tenth.
  expect(process.cpuUsage({ user, system: 0 }).user / 1_000).toBeLessThan(1_500);
});

test('where a proxy says nothing about TLS, the public address does', () => {
  const known = arrival({ host: 'phone.example.org' }, 'https://phone.example.org');
  expect(known).toMatchObject({ scheme: 'https', origin: 'https://phone.example.org' });
  expect(arrival({ host: '10.0.0.7:8080' }, 'https://phone.example.org').scheme).toBe('http');
});

test.for<[origin: string, Request, publicUrl: string | undefined, own: boolean]>([
  ['http://localhost:8080', { host: 'localhost:8080' }, undefined, true],
  ['http://localhost:8081', { host: 'localhost:8080' }, undefined, false],
  ['https://evil.test', { host: 'phone.example.org' }, 'https://phone.example.org', false],
  ['https://phone.example.org', { host: '10.0.0.7:8080' }, 'https://phone.example.org', true],
  ['http://phone.example.org.evil.test', { host: 'phone.example.org' }, undefined, false],
  ['http://localhost:39367', { host: 'localhost', 'x-forwarded-host': 'localhost:39367' }, undefined, true],
  ['http://localhost', { host: 'localhost', 'x-forwarded-host': 'localhost:39367' }, undefined, false],
  // A proxy terminated TLS without saying so.
  ['https://phone.example.org', { host: 'phone.example.org' }, undefined, true],
  ['https://phone.example.org', { host: 'phone.example.org:443' }, undefined, true],
  ['https://phone.example.org:8443', { host: 'phone.example.org:8443' }, undefined, true],
  ['https://phone.example.org:8443', { host: 'phone.example.org' }, undefined, false],
  // A page that was loaded in the clear, although we are known to be reached by TLS.
  ['http://phone.example.org', { host: 'phone.example.org', encrypted: true }, undefined, false],
  ['ftp://localhost', { host: 'localhost' }, undefined, false],
  ['null', { host: 'localhost' }, undefined, false],
  ['null', {}, undefined, false],
  ['', {}, undefined, false],
])('a page of %s at %j, known as %s, is ours: %s', ([origin, request, publicUrl, own]) => {
  const url = publicUrl === undefined ? undefined : new URL(publicUrl);
  expect(isOwnOrigin(origin, arrival(request, publicUrl), url)).toBe(own);
});
