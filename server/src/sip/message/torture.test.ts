import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { contactsOf, fromOf, toOf, viaOf } from './essentials.ts';
import { parseMessage } from './parse.ts';
import { encodeUtf8 } from './utf8.ts';

/** What the parser alone makes of a message: a message, a refusal with that status, or silence. */
type Outcome = 'accepted' | 'dropped' | 400 | 505;

function outcomeOf(frame: string): Outcome {
  const result = parseMessage(frame);
  if (result.ok) return 'accepted';
  if (result.reply === undefined) return 'dropped';
  expect(result.reply.startsWith(`SIP/2.0 ${String(result.status)} `)).toBe(true);
  return result.status as Outcome;
}

/** Header fields of a request that nothing is wrong with. */
const PLAIN = {
  Via: 'SIP/2.0/WS k3jh4.invalid;branch=z9hG4bKq9w8e7',
  'Max-Forwards': '70',
  From: '<sip:201@perch.example>;tag=f1',
  To: '<sip:101@perch.example>',
  'Call-ID': 'c0ffee',
  CSeq: '1 OPTIONS',
} as const;

interface Deviation {
  readonly line?: string;
  /** Replaces plain fields, or leaves them out where `undefined`, or adds others; an array gives several lines. */
  readonly fields?: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body?: string;
}

function frame({
  line = 'OPTIONS sip:101@perch.example SIP/2.0',
  fields = {},
  body = '',
}: Deviation): string {
  const all: NonNullable<Deviation['fields']> = { ...PLAIN, ...fields };
  const lines = Object.entries(all).flatMap(([name, value]) =>
    value === undefined
      ? []
      : (typeof value === 'string' ? [value] : value).map((each) => `${name}: ${each}`),
  );
  return [line, ...lines, '', body].join('\r\n');
}

const STATUS = { Via: PLAIN.Via, CSeq: '1 INVITE' };

describe('valid messages (RFC 4475 §3.1.1) are accepted:', () => {
  const valid: Readonly<Record<string, string>> = {
    'white space and line folds wherever they may be': frame({
      line: 'INVITE sip:101@perch.example;flag SIP/2.0',
      fields: {
        Via: undefined,
        To: undefined,
        CSeq: undefined,
        'VIA   ': [
          'SIP  /\r\n  2.0\t/ UDP\r\n   192.0.2.77 ; branch\t=\r\n  z9hG4bKab , SIP / 2.0/TCP h.example',
        ],
        't ': '\r\n sip:101@perch.example ;\r\n\ttag   =  t1',
        cSeQ: '0042\r\n   INVITE',
        'S ': '',
        'X-Strange': ',,;;,;',
        'Max-Forwards': '0017',
      },
    }),
    'every character that a method, a user part, a parameter name may have': frame({
      line: "~We.ird-*Meth!od_%+`' sip:a-b_c.d!e~f*g'(h)&i=j+k$l,m;n?o/:p@perch.example SIP/2.0",
      fields: {
        CSeq: "7 ~We.ird-*Meth!od_%+`'",
        To: '"ctl \\\u0007 nul \\\0 del \\\u007f" <sip:a?b@perch.example>',
        From: `a.b c~ <sip:x@y>;p'~\`%="${encodeUtf8('значение')}";tag=-.!%*_+\`'~`,
        'Call-ID': 'a(b)<c>:\\"/[]?{}@d',
        "X-.!%*_+`'~": encodeUtf8('大きい'),
      },
    }),
    'escaped characters in URIs': frame({
      line: 'OPTIONS sip:sip%3Aa%40b@perch.example SIP/2.0',
      fields: { To: 'sip:%61d%61@perch.example', Contact: '<sip:%62@h.example;%6Cr;x=%41%25>' },
    }),
    'escaped NULs in URIs': frame({
      line: 'REGISTER sip:perch.example SIP/2.0',
      fields: {
        CSeq: '1 REGISTER',
        To: 'sip:a%00b@perch.example',
        Contact: ['<sip:%00@h>', '<sip:%00%00@h>'],
      },
    }),
    'percent signs where they escape nothing': frame({
      line: 'OPT%49ONS sip:perch.example SIP/2.0',
      fields: { CSeq: '1 OPT%49ONS', To: '"%Q%41" <sip:a@b>', 'C%6Fntact': 'nothing to us' },
    }),
    'no space between display name and bracket': frame({
      fields: { From: 'ada<sip:101@perch.example>;tag=1' },
    }),
    'very long values': frame({
      line: 'INVITE sip:101@perch.example SIP/2.0',
      fields: {
        Via: Array.from({ length: 40 }, (_, hop) => `SIP/2.0/TCP hop${String(hop)}.example`),
        From: `sip:${'long'.repeat(200)}@perch.example;tag=${'1234'.repeat(50)}`,
        [`X-${'Long'.repeat(50)}`]: 'long '.repeat(500),
        CSeq: '1 INVITE',
      },
    }),
    'octets after the end that Content-Length names, even another request': `${frame({
      line: 'REGISTER sip:perch.example SIP/2.0',
      fields: { CSeq: '1 REGISTER', 'Content-Length': '0' },
    })}\r\nINVITE sip:other@perch.example SIP/2.0\r\n\r\n`,
    'semicolons in a user part': frame({ line: 'OPTIONS sip:101;x=%40@perch.example SIP/2.0' }),
    'unknown transports': frame({
      fields: { Via: ['SIP/2.0/CARRIER-PIGEON h1;branch=z9hG4bKa', 'SIP/2.0/SCTP h2;branch=z9hG4bKb'] },
    }),
    'a body of parts with any octets in it': frame({
      line: 'MESSAGE sip:101@perch.example SIP/2.0',
      fields: { CSeq: '1 MESSAGE', 'Content-Type': 'multipart/mixed;boundary=b', 'Content-Length': '16' },
      body: '--b\r\n\r\n\0\r\u00ff\n--b--',
    }),
    'a reason phrase of any text': frame({
      line: `SIP/2.0 200 ${encodeUtf8('= 2³ · ладно')}`,
      fields: STATUS,
    }),
    'an empty reason phrase': frame({ line: 'SIP/2.0 100 ', fields: STATUS }),
  };
  test.for(Object.entries(valid))('%s', ([, text]) => {
    expect(outcomeOf(text)).toBe('accepted');
  });
});

describe('invalid messages (RFC 4475 §3.1.2):', () => {
  const invalid: Readonly<Record<string, readonly [string, Outcome]>> = {
    'empty parameters': [frame({ fields: { Via: 'SIP/2.0/WS h.invalid;;branch=z9hG4bKa;' } }), 400],
    'empty parameters of a contact': [frame({ fields: { Contact: '"A" <sip:a@b>;;;' } }), 400],
    'a Content-Length beyond the end': [frame({ fields: { 'Content-Length': '5' }, body: 'four' }), 400],
    'a negative Content-Length': [frame({ fields: { 'Content-Length': '-4' }, body: 'four' }), 400],
    'a CSeq number beyond 2³¹': [frame({ fields: { CSeq: '2147483648 OPTIONS' } }), 400],
    'a CSeq number beyond all machines': [frame({ fields: { CSeq: `${'9'.repeat(40)} OPTIONS` } }), 400],
    'a response with such a CSeq number': [
      frame({ line: 'SIP/2.0 503 No', fields: { ...STATUS, CSeq: '99999999999 INVITE' } }),
      'dropped',
    ],
    'a quote that is never closed': [frame({ fields: { To: '"Ada <sip:101@perch.example>' } }), 400],
    'brackets around the Request-URI': [frame({ line: 'OPTIONS <sip:101@perch.example> SIP/2.0' }), 400],
    'white space in the Request-URI': [frame({ line: 'OPTIONS sip:101@perch.example; lr SIP/2.0' }), 400],
    'two spaces in the request line': [frame({ line: 'OPTIONS  sip:101@perch.example  SIP/2.0' }), 400],
    // §3.1.2.9 to 12 let an implementation be lenient. We are strict about every field that we act on …
    'white space after the version': [frame({ line: 'OPTIONS sip:101@perch.example SIP/2.0 \t' }), 400],
    'header fields in the Request-URI': [
      frame({ line: 'OPTIONS sip:101@perch.example?Route=%3Csip:x%3E SIP/2.0' }),
      400,
    ],
    'spaces within the brackets of an address': [frame({ fields: { To: '"A, B" < sip:a@b >' } }), 400],
    // … and indifferent to the rest: nothing of ours depends on a Date.
    'a Date in a time zone of its own': [
      frame({ fields: { Date: 'Mon, 01 Jan 2024 00:00:00 CET' } }),
      'accepted',
    ],
    'a contact with header fields and no brackets': [
      frame({
        line: 'REGISTER sip:perch.example SIP/2.0',
        fields: { CSeq: '1 REGISTER', Contact: 'sip:a@b?Route=%3Csip:x%3E' },
      }),
      400,
    ],
    'a comma in a display name without quotes': [frame({ fields: { From: 'B, A <sip:a@b>;tag=1' } }), 400],
    'another version of SIP': [
      frame({
        line: 'OPTIONS sip:101@perch.example SIP/3.0',
        fields: { Via: 'SIP/3.0/WS h;branch=z9hG4bKa' },
      }),
      505,
    ],
    'a method that is not the CSeq’s': [frame({ fields: { CSeq: '1 INVITE' } }), 400],
    'an unknown method that is not the CSeq’s': [frame({ line: 'NOVEL sip:a@b SIP/2.0' }), 400],
    'a status code of ten digits': [frame({ line: 'SIP/2.0 4294967496 OK', fields: STATUS }), 'dropped'],
    'a status code of two digits': [frame({ line: 'SIP/2.0 99 Low', fields: STATUS }), 'dropped'],
    'a status code beyond 699': [frame({ line: 'SIP/2.0 700 High', fields: STATUS }), 'dropped'],
  };
  test.for(Object.entries(invalid))('%s', ([, [text, outcome]]) => {
    expect(outcomeOf(text)).toBe(outcome);
  });
});

describe('messages that the layers above decide about (RFC 4475 §3.2 to §3.4):', () => {
  const above: Readonly<Record<string, readonly [string, Outcome]>> = {
    'a branch of nothing but the cookie: matched as RFC 2543 does, by the transaction layer': [
      frame({ fields: { Via: 'SIP/2.0/WS h.invalid;branch=z9hG4bK' } }),
      'accepted',
    ],
    'mandatory fields missing: refused with those that there are': [
      frame({ fields: { From: undefined, To: undefined, 'Call-ID': undefined } }),
      400,
    ],
    'an unknown scheme: 416': [frame({ line: 'OPTIONS unheard-of:anything SIP/2.0' }), 'accepted'],
    'a scheme with a dot: 416': [frame({ line: 'OPTIONS a.b+c://192.0.2.1:1 SIP/2.0' }), 'accepted'],
    'other schemes in From and To: 416, or 403 where they are no account of ours': [
      frame({ fields: { To: 'isbn:12345', From: '<https://perch.example>;tag=1', Contact: '<urn:x:y>' } }),
      'accepted',
    ],
    'extensions required: 420': [frame({ fields: { Require: 'a, b', 'Proxy-Require': 'c' } }), 'accepted'],
    'a body of an unknown type: 415': [
      frame({ fields: { 'Content-Type': 'application/x-novel', 'Content-Length': '2' }, body: 'ab' }),
      'accepted',
    ],
    'an unknown authorization scheme: as without credentials': [
      frame({ fields: { Authorization: 'Novel secret=word' } }),
      'accepted',
    ],
    'single fields twice': [frame({ fields: { CSeq: ['1 OPTIONS', '2 OPTIONS'] } }), 400],
    'Content-Length twice': [frame({ fields: { 'Content-Length': ['3', '4'] }, body: 'four' }), 400],
    'a response meant for another host: a stray to the transaction layer': [
      frame({
        line: 'SIP/2.0 200 OK',
        fields: { ...STATUS, Via: [PLAIN.Via, 'SIP/2.0/UDP 255.255.255.255'] },
      }),
      'accepted',
    ],
    'no hops left: an endpoint answers nevertheless': [
      frame({ fields: { 'Max-Forwards': '0' } }),
      'accepted',
    ],
    'an unknown parameter of a contact without brackets': [
      frame({ fields: { Contact: 'sip:a@b;novel' } }),
      'accepted',
    ],
    'an unknown parameter of a contact’s URI': [
      frame({ fields: { Contact: '<sip:a@b;novel>' } }),
      'accepted',
    ],
    'a contact with header fields in brackets': [
      frame({ fields: { Contact: '<sip:a@b?Route=%3Csip:x%3E>' } }),
      'accepted',
    ],
    'a caller that accepts no SDP: 406 or an answer': [
      frame({ fields: { Accept: 'text/novel' } }),
      'accepted',
    ],
    'a request of RFC 2543: no branch, no tag, no Max-Forwards, no Content-Length': [
      frame({
        line: 'INVITE sip:101@perch.example SIP/2.0',
        fields: {
          Via: 'SIP/2.0/UDP h.example',
          From: '<sip:a@b>',
          CSeq: '1 INVITE',
          'Max-Forwards': undefined,
        },
        body: 'v=0',
      }),
      'accepted',
    ],
  };
  test.for(Object.entries(above))('%s', ([, [text, outcome]]) => {
    expect(outcomeOf(text)).toBe(outcome);
  });
});

test('white space and folds do not change what is read', () => {
  const result = parseMessage(
    frame({
      fields: {
        Via: 'SIP  /\r\n  2.0\t/ UDP\r\n   192.0.2.77 : 5060 ; branch\t=\r\n  z9hG4bKab , SIP/2.0/TCP h',
        From: '"Ada \\"A\\""\r\n <sip:101@perch.example> ;\r\n tag = 1 ; x = y',
        To: '\r\n <sip:x@y>',
        Contact: '"C" <sip:c@d> ; q = 0.5 ;\r\n novel ,\r\n sip:e@f',
      },
    }),
  );
  if (!result.ok) return expect.unreachable(result.reason);
  const { message } = result;
  expect(viaOf(message)).toMatchObject({
    transport: 'UDP',
    sentBy: '192.0.2.77 : 5060',
    branch: 'z9hG4bKab',
  });
  expect(fromOf(message)).toMatchObject({ displayName: 'Ada "A"', uri: 'sip:101@perch.example', tag: '1' });
  expect(fromOf(message).params.get('x')).toBe('y');
  expect(toOf(message).uri).toBe('sip:x@y');
  const contacts = contactsOf(message);
  if (contacts === '*') return expect.unreachable();
  expect(contacts.map(({ uri }) => uri)).toEqual(['sip:c@d', 'sip:e@f']);
  expect(contacts[0]?.params.get('q')).toBe('0.5');
});

/** The originals of RFC 4475, which are not ours to copy: read from where they are, if they are. */
const ORIGINALS =
  process.env['PERCH_TORTURE_DIR'] ?? resolve(import.meta.dirname, '../../../../../shared/data/rfc4475');

/** What the parser makes of each. The comments say what the layers above answer. */
const OUTCOMES: Readonly<Record<string, Outcome>> = {
  wsinv: 'accepted',
  intmeth: 'accepted', // 405 or 501: no such method
  esc01: 'accepted',
  escnull: 'accepted',
  esc02: 'accepted', // 405 or 501: the escapes do not make it a REGISTER
  lwsdisp: 'accepted',
  longreq: 'accepted',
  dblreq: 'accepted',
  semiuri: 'accepted',
  transports: 'accepted',
  mpart01: 'accepted',
  unreason: 'accepted',
  noreason: 'accepted',
  badinv01: 400,
  clerr: 400,
  ncl: 400,
  scalar02: 400,
  scalarlg: 'dropped',
  quotbal: 400,
  ltgtruri: 400,
  lwsruri: 400,
  lwsstart: 400,
  trws: 400, // strict, see above
  escruri: 400, // strict
  baddate: 'accepted', // lenient
  regbadct: 400,
  badaspec: 400, // strict
  baddn: 400,
  badvers: 505,
  mismatch01: 400,
  mismatch02: 400,
  bigcode: 'dropped',
  badbranch: 'accepted', // matched as RFC 2543 does
  insuf: 400,
  unkscm: 'accepted', // 416
  novelsc: 'accepted', // 416
  unksm2: 'accepted', // 416, or 403: From is no account of ours
  bext01: 'accepted', // 420 with Unsupported
  invut: 'accepted', // 415 with Accept
  regaut01: 'accepted', // 401
  multi01: 400,
  mcl01: 400,
  bcast: 'accepted', // a stray: dropped
  zeromf: 'accepted', // answered: nothing is forwarded
  cparam01: 'accepted',
  cparam02: 'accepted',
  regescrt: 'accepted',
  sdp01: 'accepted', // 406, or answered
  inv2543: 'accepted', // matched as RFC 3261 §17.2.3 says
  test: 'dropped', // not from the RFC: no request line at all
};

describe.runIf(existsSync(ORIGINALS))('the originals of RFC 4475:', () => {
  const files = existsSync(ORIGINALS) ? readdirSync(ORIGINALS).filter((name) => name.endsWith('.dat')) : [];

  test('are all there', () => {
    expect(files.map((name) => name.replace('.dat', '')).sort()).toEqual(Object.keys(OUTCOMES).sort());
  });

  test.for(files)('%s', (name) => {
    const text = readFileSync(resolve(ORIGINALS, name), 'latin1');
    expect(outcomeOf(text)).toBe(OUTCOMES[name.replace('.dat', '')]);
  });
});
