import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { arrivalOf, isOwnOrigin } from '../../src/network/arrival.ts';
import { networkOf, parseAddress } from '../../src/network/address.ts';
import type { Target } from '../target.ts';

const LONGEST = 16_384;
const NAMES = [
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-forwarded-port',
  'host',
];

/** A request with this header, which has come through a proxy that is trusted. */
const requestWith = (name: string, value: string): IncomingMessage =>
  ({
    socket: { remoteAddress: '10.0.0.1', localAddress: '10.0.0.2', localPort: 8080 },
    headers: { host: 'phone.example.org', [name]: value },
  }) as unknown as IncomingMessage;

export const target: Target = {
  seeds: [
    'for=198.51.100.1;host="phone.example.org:8443";proto=https, for=10.0.0.7',
    'For="[2001:db8::9]:4711";by="a\\"b"',
    '198.51.100.1:50000, [2001:db8::9]:443, ::ffff:192.0.2.1, fe80::1%eth0',
    'evil.test, phone.example.org:443',
    'https',
  ].map((value) => Buffer.from(value)),
  dictionary: [
    'for=',
    'host=',
    'proto=',
    '"',
    '\\"',
    '\\',
    ',',
    ';',
    '=',
    '[',
    ']',
    '::',
    '%',
    ':443',
    ' ',
    '@',
    '/',
    '.',
  ],
  parse(input) {
    const text = input.toString('latin1').slice(0, LONGEST);
    const surroundings = {
      trustsProxy: (address: string) => address.startsWith('10.'),
      publicUrl: undefined,
    };
    const arrivals = NAMES.map((name) => arrivalOf(requestWith(name, text), surroundings));
    for (const arrival of arrivals) {
      assert.ok(isIP(arrival.visitor) !== 0, 'a visitor without an address');
      assert.equal(new URL(arrival.origin).origin, arrival.origin, 'an origin that is none');
      isOwnOrigin(text, arrival, undefined);
    }
    const address = parseAddress(text);
    if (address !== undefined)
      assert.equal(parseAddress(address), address, 'an address that is read otherwise');
    return [arrivals, address, networkOf(text)];
  },
};
