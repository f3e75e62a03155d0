import { describe, expect, test } from 'vitest';
import { expiresOf, parseSeconds } from './seconds.ts';
import { formatReason, reasonsOf } from './reason.ts';
import { referToOf } from './refer-to.ts';
import { parseReplaces } from './replaces.ts';
import { sessionExpiresOf } from './session-expires.ts';
import { requestWith } from '../support/test-message.ts';
import { hasToken, tokensOf } from './token-list.ts';

describe('Expires', () => {
  test.for([
    ['600', 600],
    ['0', 0],
    ['4294967295', 4_294_967_295],
    ['99999999999999999999999', 4_294_967_295],
    ['-1', undefined],
    ['', undefined],
    ['Thu, 01 Jan 1970', undefined],
  ] as const)('Expires: %s is %d', ([text, seconds]) => {
    expect(expiresOf(requestWith(`Expires: ${text}`))).toBe(seconds);
    expect(parseSeconds(text)).toBe(seconds);
  });

  test('is undefined where absent', () => {
    expect(expiresOf(requestWith())).toBe(undefined);
  });
});

describe('Reason', () => {
  test('is read with cause and text, several on a line', () => {
    const request = requestWith(
      'Reason: SIP ;cause=200 ;text="Call completed, elsewhere", Q.850;cause=16',
      'Reason: preemption',
      'Reason: SIP;cause=x;text="\u00c3\u00a9"',
      'Reason: ;cause=1',
    );
    expect(reasonsOf(request)).toEqual([
      { protocol: 'SIP', cause: 200, text: 'Call completed, elsewhere' },
      { protocol: 'Q.850', cause: 16, text: undefined },
      { protocol: 'preemption', cause: undefined, text: undefined },
      { protocol: 'SIP', cause: undefined, text: 'é' },
    ]);
  });

  test('comes back as it was written, line ends left out', () => {
    const value = formatReason('SIP', 200, 'Zoë "Z"\r\nVia: x');
    expect(reasonsOf(requestWith(`Reason: ${value}`))).toEqual([
      { protocol: 'SIP', cause: 200, text: 'Zoë "Z"Via: x' },
    ]);
    expect(formatReason('Q.850', 16)).toBe('Q.850;cause=16');
  });
});

describe('Replaces', () => {
  test('names a dialog', () => {
    expect(parseReplaces('a@b;to-tag=1;from-tag=2')).toEqual({
      callId: 'a@b',
      toTag: '1',
      fromTag: '2',
      earlyOnly: false,
    });
    expect(parseReplaces('a ; From-Tag = 2 ; early-only ; to-tag = 1')).toMatchObject({
      toTag: '1',
      earlyOnly: true,
    });
  });

  test.for([
    '',
    'a',
    'a;to-tag=1',
    'a;from-tag=1',
    ';to-tag=1;from-tag=2',
    'a b;to-tag=1;from-tag=2',
    'a;to-tag;from-tag=2',
  ])('%j is malformed', (value) => {
    expect(parseReplaces(value)).toBe(undefined);
  });
});

describe('Refer-To', () => {
  test.for([
    ['<sip:103@perch.example>', 'sip:103@perch.example'],
    ['sip:103@perch.example', 'sip:103@perch.example'],
    ['"Chloe" <sip:103@perch.example;x=y?Subject=a&Route=%3Csip:b%3E>', 'sip:103@perch.example;x=y'],
  ] as const)('%s asks for %s and nothing else', ([value, uri]) => {
    expect(referToOf(requestWith(`Refer-To: ${value}`))).toMatchObject({ uri, replaces: undefined });
  });

  test.for([
    'r: <sip:103@perch.example?Replaces=7ok%40h%3Bto-tag%3Da%3Bfrom-tag%3Db>',
    'Refer-To: sip:103@perch.example?Subject=x&replaces=7ok%40h%3Bto-tag%3Da%3Bfrom-tag%3Db',
  ])('names the dialog that the new call replaces: %s', (line) => {
    expect(referToOf(requestWith(line))).toMatchObject({
      uri: 'sip:103@perch.example',
      replaces: { callId: '7ok@h', toTag: 'a', fromTag: 'b' },
    });
  });

  test('of a telephone number', () => {
    const line = 'Refer-To: "Ben" <tel:102;phone-context=perch.example>';
    expect(referToOf(requestWith(line))).toEqual({
      uri: 'tel:102;phone-context=perch.example',
      displayName: 'Ben',
      replaces: undefined,
    });
  });

  test.for([
    [],
    ['Refer-To: <sip:a@b>', 'r: <sip:c@d>'],
    ['Refer-To: <mailto:a@b>'],
    ['Refer-To: nobody'],
    ['Refer-To: <sip:a@b?Replaces=7ok>'],
    ['Refer-To: <sip:a@b?Replaces=%zz>'],
  ])('%j is malformed', (lines) => {
    expect(referToOf(requestWith(...lines))).toBe(undefined);
  });
});

describe('Session-Expires', () => {
  test.for([
    ['90', { seconds: 90, refresher: undefined }],
    ['1800;Refresher=UAS', { seconds: 1800, refresher: 'uas' }],
    ['1800 ; refresher = uac ; x', { seconds: 1800, refresher: 'uac' }],
    ['1800;refresher=me', { seconds: 1800, refresher: undefined }],
    ['', undefined],
    ['soon', undefined],
    ['90;;', undefined],
    ['-90', undefined],
  ] as const)('%s', ([value, expected]) => {
    expect(sessionExpiresOf(requestWith(`x: ${value}`))).toEqual(expected);
  });
});

test('lists of tokens', () => {
  const request = requestWith('Allow: INVITE , ACK,BYE', 'Allow: UPDATE', 'k: Timer,100REL', 'Require:');
  expect(tokensOf(request, 'allow')).toEqual(['INVITE', 'ACK', 'BYE', 'UPDATE']);
  expect(tokensOf(request, 'require')).toEqual([]);
  expect(hasToken(request, 'supported', 'timer')).toBe(true);
  expect(hasToken(request, 'supported', '100rel')).toBe(true);
  expect(hasToken(request, 'supported', 'replaces')).toBe(false);
});
