import assert from 'node:assert/strict';
import { parseCredentials } from '../../src/sip/message/fields/auth-params.ts';
import { digestClaim, digestMatches, isAnswer } from '../../src/sip/user-agent/authentication/digest.ts';
import type { Target } from '../target.ts';
import { SIP_DICTIONARY } from './sip-text.ts';

/** Of an account whose password nobody knows. */
const SECRETS = { ha1Md5: '5'.repeat(32), ha1Sha256: '6'.repeat(64) };

const RESPONSE = '00112233445566778899aabbccddeeff';

export const target: Target = {
  seeds: [
    `Digest algorithm=MD5, username="201", realm="perch.example", nonce="a1b2", uri="sip:perch.example", response="${RESPONSE}", qop=auth, cnonce="x", nc=00000001`,
    `Digest username="a\\"b", realm="p", nonce="n", uri="sip:p", response="${RESPONSE}${RESPONSE}", algorithm=SHA-256, cnonce="c", qop="auth", nc=0000000a, opaque="o"`,
    'Digest username="201", realm="perch.example", nonce="", response=""',
    'Bearer eyJhbGciOiJub25lIn0.e30.',
    'Basic YTpi',
  ].map((value) => Buffer.from(value)),
  dictionary: [
    ...SIP_DICTIONARY,
    ...['username="', 'realm="', 'nonce="', 'uri="', 'response="', 'algorithm=', 'cnonce="', 'nc=', 'qop='],
    ...[RESPONSE, 'SHA-256', 'MD5-sess', 'auth-int', 'auth,auth-int', '00000001', 'ffffffff'],
  ],
  parse(input) {
    const credentials = parseCredentials(input.toString('latin1'));
    if (credentials === undefined) return undefined;
    const claim = digestClaim(credentials);
    if (claim !== undefined) {
      assert.ok(isAnswer(credentials), 'a claim that answers no challenge');
      assert.equal(digestMatches(claim, 'REGISTER', SECRETS), false, 'a password was guessed');
      assert.equal(digestMatches(claim, 'REGISTER', undefined), false, 'nobody was let in');
    }
    return { credentials, claim };
  },
};
