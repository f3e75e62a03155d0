import assert from 'node:assert/strict';
import { parseCredentials } from '../../src/sip/message/fields/auth-params.ts';
import { parseNameAddr } from '../../src/sip/message/fields/name-addr.ts';
import { parseParameterized } from '../../src/sip/message/fields/parameters.ts';
import { withholdsIdentity } from '../../src/sip/message/fields/privacy.ts';
import { reasonsOf } from '../../src/sip/message/fields/reason.ts';
import { referToOf } from '../../src/sip/message/fields/refer-to.ts';
import { parseReplaces } from '../../src/sip/message/fields/replaces.ts';
import { expiresOf } from '../../src/sip/message/fields/seconds.ts';
import { sessionExpiresOf } from '../../src/sip/message/fields/session-expires.ts';
import { tokensOf } from '../../src/sip/message/fields/token-list.ts';
import { splitList } from '../../src/sip/message/list.ts';
import { parseMessage } from '../../src/sip/message/parse.ts';
import type { Target } from '../target.ts';
import { SIP_DICTIONARY } from './sip-text.ts';

/** Each field by itself in a request that is well-formed without it. */
const NAMES = ['Refer-To', 'Reason', 'Session-Expires', 'Expires', 'Privacy', 'Supported', 'Authorization'];

function askedOf(value: string, name: string): unknown {
  const frame =
    'REFER sip:101@perch.example SIP/2.0\r\nVia: SIP/2.0/WS a.invalid;branch=z9hG4bK1\r\n' +
    'From: <sip:102@perch.example>;tag=a\r\nTo: <sip:101@perch.example>;tag=b\r\nCall-ID: c\r\nCSeq: 1 REFER\r\n' +
    `${name}: ${value}\r\nContent-Length: 0\r\n\r\n`;
  const result = parseMessage(frame);
  if (!result.ok || result.message.kind !== 'request') return undefined;
  const { message } = result;
  switch (name) {
    case 'Refer-To':
      return referToOf(message);
    case 'Reason':
      return reasonsOf(message);
    case 'Session-Expires':
      return sessionExpiresOf(message);
    case 'Expires':
      return expiresOf(message);
    case 'Privacy':
      return withholdsIdentity(message);
    case 'Supported':
      return tokensOf(message, 'supported');
    default:
      return parseCredentials(message.headers.get('authorization') ?? '');
  }
}

export const target: Target = {
  seeds: [
    '"Ada \\"A\\"" <sip:101@perch.example;user=phone>;tag=8fj3;+sip.instance="<urn:uuid:5a3c>"',
    '<sip:103@perch.example?Replaces=7ok2m1vq8%3Bto-tag%3Da%3Bfrom-tag%3Db&Subject=x>',
    'SIP;cause=200;text="Call completed elsewhere", Q.850;cause=16',
    '7ok2m1vq8;to-tag=a;from-tag=b;early-only',
    '90;refresher=uac',
    'id;critical, header',
    'timer, ice, replaces',
    '4294967296',
  ].map((value) => Buffer.from(value)),
  dictionary: [
    ...SIP_DICTIONARY,
    ';cause=',
    ';text="',
    ';refresher=uas',
    ';to-tag=',
    ';from-tag=',
    'user;id',
  ],
  // As an address, a list and so on, and in a message under each name.
  readings: 4 + NAMES.length,
  parse(input) {
    const text = input.toString('latin1');
    const address = parseNameAddr(text);
    const pieces: string[] = [];
    splitList(text, pieces);
    const parameterized = parseParameterized(text);
    if (address !== undefined) {
      assert.ok(!/[<>"\r\n\0 ]/.test(address.uri), 'a URI that would end where it is written');
      assert.ok(!/[",;<>\r\n\0 ]/.test(address.tag ?? ''), 'a tag that would end where it is written');
    }
    return {
      address: address && [address.displayName, address.uri, address.tag, address.params.toString()],
      parameterized: parameterized && [parameterized.token, parameterized.params.toString()],
      pieces,
      replaces: parseReplaces(text),
      // With a line end it would be more than one field, which is the matter of whole messages.
      asked: /[\r\n]/.test(text) ? [] : NAMES.map((name) => askedOf(text, name)),
    };
  },
};
