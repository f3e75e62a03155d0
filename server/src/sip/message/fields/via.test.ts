import { expect, test } from 'vitest';
import { octetsOf } from '../octets.ts';
import { readVia } from './via.ts';

const parse = (text: string): ReturnType<typeof readVia> => readVia(text, octetsOf(text), 0, text.length);

test.for([
  ['SIP/2.0/WS a.invalid;branch=z9hG4bK1', 'WS', 'a.invalid', 'z9hG4bK1'],
  ['SIP/2.0/UDP 192.0.2.1:5060', 'UDP', '192.0.2.1:5060', undefined],
  ['SIP/2.0/TLS [2001:db8::1]:5061;rport;branch=x', 'TLS', '[2001:db8::1]:5061', 'x'],
  ['sip / 2.0 /\tTCP  h : 1 ; BRANCH = x', 'TCP', 'h : 1', 'x'],
  ['SIP/2.0/TCP h;branch=x, SIP/2.0/TCP i;branch=y', 'TCP', 'h', 'x'],
] as const)('%j', ([text, transport, sentBy, branch]) => {
  expect(parse(text)).toMatchObject({ transport, sentBy, branch });
});

test('its parameters end where the next Via begins', () => {
  const params = parse('SIP/2.0/TCP h;rport;received=192.0.2.1, SIP/2.0/TCP i;branch=y')?.params;
  expect(params?.get('rport')).toBe('');
  expect(params?.get('received')).toBe('192.0.2.1');
  expect(params?.get('branch')).toBe(undefined);
});

test.for([
  '',
  'SIP/2.0',
  'SIP/2.0/WS',
  'SIP/2.0/WS ',
  'SIP/2.0/WSa.invalid;branch=x',
  'SIP/3.0/WS a',
  'HTTP/1.1/WS a',
  'SIP/2.0/WS a:b',
  'SIP/2.0/WS a:65536',
  'SIP/2.0/WS [::1',
  'SIP/2.0/WS [x]',
  'SIP/2.0/WS a b',
  'SIP/2.0/WS a;branch',
  'SIP/2.0/WS a;branch=',
  'SIP/2.0/WS a;branch=x;branch=y',
  'SIP/2.0/WS a;;branch=x',
  `SIP/2.0/WS a;branch=${'x'.repeat(513)}`,
])('%j is malformed', (text) => {
  expect(parse(text)).toBe(undefined);
});
