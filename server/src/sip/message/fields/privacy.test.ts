import { expect, test } from 'vitest';
import { parseMessage } from '../parse.ts';
import { isAnonymous, withholdsIdentity } from './privacy.ts';

test.for([
  ['sip:anonymous@anonymous.invalid', true],
  ['sip:anonymous@example.org', true],
  ['sip:x7f3@anonymous.invalid;transport=ws', true],
  ['sip:anonymous.invalid', true],
  ['sip:101@example.org', false],
  ['sip:101@invalid.example.org', false],
  ['sip:101@notinvalid', false],
] as const)('%s is anonymous: %s', ([uri, expected]) => {
  expect(isAnonymous(uri)).toBe(expected);
});

test.for([
  ['', false],
  ['Privacy: id', true],
  ['privacy: ID;critical', true],
  ['Privacy: user ; header', true],
  ['Privacy: session;header', true],
  ['Privacy: none', false],
  ['Privacy: session', false],
  ['Privacy: history;critical', false],
  ['Privacy: identity', false],
] as const)('%j withholds the caller: %s', ([field, expected]) => {
  const parsed = parseMessage(
    [
      'INVITE sip:102@example.org SIP/2.0',
      'Via: SIP/2.0/WS phone.invalid;branch=z9hG4bK1',
      'From: <sip:101@example.org>;tag=1',
      'To: <sip:102@example.org>',
      'Call-ID: 1',
      'CSeq: 1 INVITE',
      ...(field === '' ? [] : [field]),
      '\r\n',
    ].join('\r\n'),
  );
  if (!parsed.ok || parsed.message.kind !== 'request') throw new Error('does not parse');
  expect(withholdsIdentity(parsed.message)).toBe(expected);
});
