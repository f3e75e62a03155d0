import assert from 'node:assert/strict';
import { isAnonymous } from '../../src/sip/message/fields/privacy.ts';
import { parseUri, schemeOf, type SipUri, unescapeUri } from '../../src/sip/message/fields/uri.ts';
import type { Target } from '../target.ts';
import { SIP_DICTIONARY } from './sip-text.ts';

const parts = ({ params, ...uri }: SipUri): unknown => ({ ...uri, params: params.toString() });

/** The URI with all of its user escaped, as RFC 3261 §19.1.2 lets anybody write it. */
function written({ scheme, user, host, port, params, headers }: SipUri): string {
  const escaped = user && [...user].map((octet) => `%${hex(octet)}`).join('');
  return [
    `${scheme}:`,
    escaped === undefined ? '' : `${escaped}@`,
    host,
    port === undefined ? '' : `:${port}`,
    params.toString(),
    headers === '' ? '' : `?${headers}`,
  ].join('');
}
const hex = (octet: string): string => octet.charCodeAt(0).toString(16).padStart(2, '0');

export const target: Target = {
  seeds: [
    'sip:101@perch.example',
    'sips:%2A30101@perch.example:5061;transport=wss;lr',
    'sip:101:secret@[2001:db8::1]:5060;user=phone?Replaces=a%3Bto-tag%3Db&Subject=x',
    'sip:q3k8ms1d@k3jh4lgbo.invalid;transport=ws;ob',
    'sip:anonymous@anonymous.invalid',
    'tel:+4930123456;phone-context=example.org',
  ].map((uri) => Buffer.from(uri)),
  dictionary: SIP_DICTIONARY,
  parse(input) {
    const text = input.toString('latin1');
    const uri = parseUri(text);
    isAnonymous(text);
    unescapeUri(text);
    if (uri === undefined) return schemeOf(text);
    for (const name of ['transport', 'lr', '__proto__', 'constructor']) uri.params.get(name);
    const again = parseUri(written(uri));
    assert.deepEqual(again && parts(again), parts(uri), 'what is written is read otherwise');
    return parts(uri);
  },
};
