import { createRequire } from 'node:module';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseCredentials } from './fields/auth-params.ts';
import { responseTo } from './build.ts';
import { expiresOf } from './fields/seconds.ts';
import { contactsOf, fromOf, toOf, viaOf } from './essentials.ts';
import type { SipMessage } from './message.ts';
import type * as Parser from './parse.ts';
import { reasonsOf } from './fields/reason.ts';
import { referToOf } from './fields/refer-to.ts';
import { parseReplaces } from './fields/replaces.ts';
import { sessionExpiresOf } from './fields/session-expires.ts';
import { hasToken } from './fields/token-list.ts';
import { parseUri } from './fields/uri.ts';

/**
 * The parser as Node itself loads it: vitest turns every imported constant into a look-up, which would dominate
 * the timing.
 */
const { parseMessage } = createRequire(import.meta.url)('./parse.ts') as typeof Parser;

/** What browsers send, as recorded on the wire. */
const SEEN = [
  [
    'REGISTER sip:perch.example SIP/2.0',
    'Via: SIP/2.0/WS k3jh4lgbo.invalid;branch=z9hG4bK3172936',
    'Max-Forwards: 69',
    'To: <sip:201@perch.example>',
    'From: "Front \\"desk\\"" <sip:201@perch.example>;tag=8fj3kd92la',
    'Call-ID: u6dg9bsh4kqmtlpnvc5e9f',
    'CSeq: 17 REGISTER',
    'Authorization: Digest algorithm=MD5, username="201", realm="perch.example", nonce="a1b2", uri="sip:perch.example", response="00112233445566778899aabbccddeeff", qop=auth, cnonce="x", nc=00000001',
    'Contact: <sip:q3k8ms1d@k3jh4lgbo.invalid;transport=ws>;+sip.ice;reg-id=1;+sip.instance="<urn:uuid:5a3c1f2e-9b7d-4e3f-8a61-2f1c0d9e8b7a>";expires=600',
    'Expires: 600',
    'Allow: INVITE,ACK,CANCEL,BYE,UPDATE,MESSAGE,OPTIONS,REFER,INFO,NOTIFY',
    'Supported: path,gruu,outbound',
    'User-Agent: JsSIP 3.13.8',
    'Content-Length: 0',
    '',
    '',
  ],
  [
    'INVITE sip:102@perch.example SIP/2.0',
    'Via: SIP/2.0/WSS k3jh4lgbo.invalid;branch=z9hG4bK9134',
    'Max-Forwards: 69',
    'To: <sip:102@perch.example>',
    'From: "Zo\u00c3\u00ab" <sip:101@perch.example>;tag=dk3l2',
    'Call-ID: 7ok2m1vq8',
    'CSeq: 9440 INVITE',
    'Contact: <sip:q3k8ms1d@k3jh4lgbo.invalid;transport=ws;ob>',
    'Content-Type: application/sdp',
    'Session-Expires: 90;refresher=uac',
    'Replaces: 7ok2m1vq8;to-tag=a;from-tag=b;early-only',
    'Supported: timer,ice,replaces,outbound',
    'Content-Length: 22',
    '',
    'v=0\r\no=- 1 1 IN IP4 1\r\n',
  ],
  [
    'SIP/2.0 200 OK',
    'Via: SIP/2.0/WS 4k2j.invalid;branch=z9hG4bKours.1.x;received=192.0.2.1',
    'Record-Route: <sip:a.example;lr>, "B, C" <sip:b.example;lr>',
    'To: <sip:102@perch.example>;tag=t2',
    'From: "Ada" <sip:101@perch.example>;tag=t1',
    'Call-ID: ours-1',
    'CSeq: 1 INVITE',
    'Contact: <sip:m@x.invalid;transport=ws>',
    'Content-Length: 0',
    '',
    '',
  ],
  [
    'REFER sip:q3k8ms1d@edge.invalid SIP/2.0',
    'v: SIP/2.0/WS k3jh4lgbo.invalid;rport;branch=z9hG4bK77',
    't: <sip:102@perch.example>;tag=t2',
    'f: sip:101@perch.example;tag=t1',
    'i: ours-1',
    'CSeq: 3 REFER',
    'r: <sip:103@perch.example?Replaces=7ok2m1vq8%3Bto-tag%3Da%3Bfrom-tag%3Db>',
    'b: <sip:101@perch.example>',
    'Reason: SIP;cause=200;text="Call completed elsewhere", Q.850;cause=16',
    'Subscription-State: active;expires=60',
    'l: 0',
    '',
    '',
  ],
].map((lines) => lines.join('\r\n'));

/** What attackers insert. */
const POISONS = [
  '((((((((',
  ',,,,,,,,',
  '<<<<<<<<',
  '""""""""',
  ';a=;a=;a=',
  '\r\n ',
  '\r\n\t\r\n ',
  '\r',
  '\n',
  '\0',
  '\\\0',
  '\\',
  '"',
  '<',
  '>',
  '%',
  '%00',
  '@',
  ':',
  ' ',
  '\u2028',
  '\u00c0\u00af',
  '\u00ff\u00fe',
  '\r\n\r\n',
  '__proto__',
  '\r\n__proto__: x\r\nconstructor: y',
  ';__proto__=x',
  '99999999999999999999',
  '-1',
];

type Mutation = (text: string) => string;

const at = (text: string, share: number): number => Math.floor(share * text.length);

const share = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });

const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.tuple(share, fc.integer({ min: 0, max: 255 })).map(([where, octet]) => (text: string) => {
    const index = at(text, where);
    return text.slice(0, index) + String.fromCharCode(octet) + text.slice(index + 1);
  }),
  share.map((where) => (text: string) => text.slice(0, at(text, where))),
  fc.tuple(share, share).map(([from, to]) => (text: string) => {
    const [start, end] = [at(text, Math.min(from, to)), at(text, Math.max(from, to))];
    return text.slice(0, end) + text.slice(start);
  }),
  fc
    .tuple(share, fc.constantFrom(...POISONS), fc.constantFrom(1, 1, 1, 7, 500))
    .map(([where, poison, times]) => (text: string) => {
      const index = at(text, where);
      return text.slice(0, index) + poison.repeat(times) + text.slice(index);
    }),
  fc.tuple(share, share).map(([from, to]) => (text: string) => {
    const lines = text.split('\r\n');
    const [line] = lines.splice(at(text, from) % lines.length, 1);
    lines.splice(at(text, to) % (lines.length + 1), 0, line ?? '');
    return lines.join('\r\n');
  }),
);

const mutated = fc
  .tuple(fc.constantFrom(...SEEN), fc.array(mutation, { minLength: 1, maxLength: 6 }))
  .map(([text, mutations]) => mutations.reduce((frame, mutate) => mutate(frame), text));

/** Asks a message everything that the layers above ever ask. */
function exercise(message: SipMessage): void {
  const { headers } = message;
  for (const name of ['via', 'record-route', 'allow', 'x-none', '__proto__', 'constructor']) {
    expect(headers.all(name).length).toBeGreaterThanOrEqual(Math.min(headers.count(name), 0));
    expect(headers.lines(name) === '').toBe(headers.count(name) === 0);
  }
  expect(viaOf(message).params.get('rport')).not.toBe(null);
  for (const { uri, displayName, params, tag } of [fromOf(message), toOf(message)]) {
    parseUri(uri);
    expect(displayName).not.toBe('');
    expect(tag).toBe(params.get('tag'));
  }
  const contacts = contactsOf(message);
  if (contacts !== '*') for (const contact of contacts) contact.params.get('+sip.instance');
  parseCredentials(headers.get('authorization') ?? '');
  parseReplaces(headers.get('replaces') ?? '');
  for (const ask of [expiresOf, reasonsOf, referToOf, sessionExpiresOf]) ask(message);
  hasToken(message, 'supported', 'timer');
}

/** Whole lines only, so that nothing from the peer can be taken for a line of ours. */
function isClean(frame: string): boolean {
  return !/[\r\n]/.test(frame.replaceAll('\r\n', '')) && frame.endsWith('\r\n\r\n');
}

/** The fastest of several runs: delays of a busy machine do not count. */
function bestMilliseconds(runs: number, run: () => unknown): number {
  let best = Infinity;
  for (let each = 0; each < runs; each++) {
    const start = performance.now();
    run();
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

test('whatever has been done to a message, parsing it never throws and takes under a millisecond', () => {
  for (const text of SEEN) for (let each = 0; each < 500; each++) parseMessage(text);
  fc.assert(
    fc.property(mutated, (frame) => {
      const start = performance.now();
      const result = parseMessage(frame);
      if (performance.now() - start > 1)
        expect(bestMilliseconds(50, () => parseMessage(frame))).toBeLessThan(1);
      if (!result.ok) {
        if (result.reply !== undefined) expect(isClean(result.reply)).toBe(true);
        return;
      }
      exercise(result.message);
      if (result.message.kind === 'request') {
        expect(isClean(responseTo(result.message, { status: 200, toTag: 'ours' }))).toBe(true);
      }
    }),
    { numRuns: 5000 },
  );
});

test('every recorded message is read whole, and answered with its own fields', () => {
  for (const text of SEEN) {
    const result = parseMessage(text);
    if (!result.ok) return expect.unreachable(result.reason);
    exercise(result.message);
  }
});

const KIB = 1024;

/** A request of about 64 KiB whose field `name` has a value made of `unit`. */
const large = (name: string, unit: string, prefix = ''): string =>
  (SEEN[0] ?? '').replace(
    '\r\nExpires',
    `\r\n${name}: ${prefix}${unit.repeat(Math.floor((63 * KIB) / unit.length))}\r\nExpires`,
  );

const WORST: readonly (readonly [string, string])[] = [
  ...[
    '((((',
    ',,,,',
    '<<<<',
    '""""',
    ';a=',
    '\\"',
    '\r\n ',
    '\r\n\t \r\n ',
    ' ',
    '\0',
    '\u00c0',
    '%',
    'a,<b>;c="d",',
  ].flatMap((unit) => [
    [`an unknown field of ${JSON.stringify(unit)}`, large('X-Any', unit)] as const,
    [`a Contact of ${JSON.stringify(unit)}`, large('Contact', unit, '<sip:a@b>')] as const,
    [`a Via of ${JSON.stringify(unit)}`, large('Via', unit).replace(/\r\nVia: SIP[^\r]*/, '')] as const,
    [`a To of ${JSON.stringify(unit)}`, large('To', unit).replace(/\r\nTo: <sip[^\r]*/, '')] as const,
  ]),
  ['contacts by the thousand', large('Contact', '<sip:a@b>;q=1,')],
  ['10,000 fields', (SEEN[0] ?? '').replace('\r\nExpires', `${'\r\na: b'.repeat(10_000)}\r\nExpires`)],
  ['10,000 Vias', (SEEN[0] ?? '').replace('\r\nExpires', `${'\r\nv: b'.repeat(10_000)}\r\nExpires`)],
  ['a CSeq with a method of 60 KiB', (SEEN[0] ?? '').replace('17 REGISTER', `17 ${'R'.repeat(60 * KIB)}`)],
  ['a method of 60 KiB', (SEEN[0] ?? '').replaceAll('REGISTER', 'R'.repeat(30 * KIB))],
  ['a Request-URI of 60 KiB', (SEEN[0] ?? '').replace('sip:perch', `sip:${'?@'.repeat(30 * KIB)}perch`)],
  ['a field name of 60 KiB', (SEEN[0] ?? '').replace('Expires', 'E'.repeat(60 * KIB))],
  ['64 KiB of empty lines', '\r\n'.repeat(32 * KIB)],
  ['64 KiB of one line', 'A'.repeat(64 * KIB)],
  ['64 KiB of spaces', ' '.repeat(64 * KIB)],
  ['64 KiB of quotes', '"'.repeat(64 * KIB)],
  ['a tag of 60 KiB', (SEEN[0] ?? '').replace('8fj3kd92la', 'x'.repeat(60 * KIB))],
];

test.for(WORST)('%s: under a millisecond', ([, frame]) => {
  expect(bestMilliseconds(60, () => parseMessage(frame))).toBeLessThan(1);
});

test.for(WORST)('%s: read to the end in no more than a few', ([, frame]) => {
  const result = parseMessage(frame);
  if (!result.ok) return;
  expect(
    bestMilliseconds(10, () => {
      exercise(result.message);
    }),
  ).toBeLessThan(20);
});
