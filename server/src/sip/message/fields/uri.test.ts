import { expect, test } from 'vitest';
import { parseUri, schemeOf, unescapeUri } from './uri.ts';

test.for([
  [
    'sip:101@perch.example',
    { scheme: 'sip', user: '101', host: 'perch.example', port: undefined, headers: '' },
  ],
  ['SIPS:a@B.Example:5061', { scheme: 'sips', user: 'a', host: 'b.example', port: 5061 }],
  ['sip:perch.example', { user: undefined, host: 'perch.example' }],
  ['sip:a:secret@h', { user: 'a', host: 'h' }],
  ['sip:%2a30%31@h', { user: '*301', host: 'h' }],
  ['sip:*30101@h', { user: '*30101' }],
  ['sip:a%00@h', { user: 'a\0' }],
  ['sip:a;b=c?d/e@h', { user: 'a;b=c?d/e', host: 'h', headers: '' }],
  ['sip:a@[2001:DB8::1]:5060;transport=ws', { host: '[2001:db8::1]', port: 5060 }],
  ['sip:a@h;lr?Replaces=x%3By&Subject=z', { host: 'h', headers: 'Replaces=x%3By&Subject=z' }],
  ['sip:a@h?x=y;z', { host: 'h', headers: 'x=y;z' }],
] as const)('%s', ([uri, expected]) => {
  expect(parseUri(uri)).toMatchObject(expected);
});

test.for([
  '',
  'sip',
  'sip:',
  'sip:@h',
  'sip:a@',
  'sip:a@h:',
  'sip:a@h:x',
  'sip:a@h:99999',
  'sip:a@h;;x',
  'sip:a@h;x=',
  'sip:a%4@h',
  'sip:a%zz@h',
  'sip:a@b@c',
  'sip:a@[::1',
  'sip:a@[]',
  'sip:a@h!',
  'tel:+123',
  'http://h',
])('%j is not a SIP URI', (uri) => {
  expect(parseUri(uri)).toBe(undefined);
});

test('its parameters are looked up in any case', () => {
  const params = parseUri('sip:a@h;Transport=ws;OB?x=y')?.params;
  expect(params?.get('transport')).toBe('ws');
  expect(params?.has('ob')).toBe(true);
});

test('a scheme is read of any URI', () => {
  expect(['SIP:a', 'tel:1', 'noscheme', ''].map(schemeOf)).toEqual(['sip', 'tel', '', '']);
});

test('a malformed escape makes the whole text undefined', () => {
  expect(unescapeUri('%41%2a')).toBe('A*');
  expect(unescapeUri('%4')).toBe(undefined);
});
