import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { stage } from './support/fixtures.ts';
import { sdp } from './support/sdp.ts';
import type { SipClient } from './support/sip-client.ts';
import * as sip from './support/sip-message.ts';

/** The rules of RFC 4475 over a real socket: the parser's own tests cover them message by message. */
const on = stage();

/** The statuses that a frame is answered with: all that come before the answer to a request sent right behind it. */
async function answersTo(phone: SipClient, frame: string | Buffer): Promise<readonly number[]> {
  phone.send(frame);
  const probe = phone.start('OPTIONS', `sip:${phone.domain}`);
  const answers: number[] = [];
  for (;;) {
    const response = await phone.next('an answer', sip.isResponse);
    if (response.fields.has('via') && sip.branch(response) === probe) return answers;
    if (sip.status(response) > 100) answers.push(sip.status(response));
  }
}

interface Parts {
  readonly start?: string;
  readonly fields?: readonly string[];
  /** Names of usual fields to leave out. */
  readonly without?: readonly string[];
  readonly body?: string;
}

/** A request of 101's with the usual fields, some replaced, some added. */
function request({
  start = 'OPTIONS sip:demo.perch.test SIP/2.0',
  fields = [],
  without = [],
  body,
}: Parts): string {
  const method = start.split(' ')[0] ?? '';
  const usual = [
    'Via: SIP/2.0/WS torture.invalid;branch=z9hG4bKtorture',
    'Max-Forwards: 70',
    'From: <sip:101@demo.perch.test>;tag=torture',
    'To: <sip:101@demo.perch.test>',
    'Call-ID: torture',
    `CSeq: 1 ${method}`,
    'Contact: <sip:torture@torture.invalid;transport=ws>',
  ].filter((line) => !without.includes(line.slice(0, line.indexOf(':'))));
  const length = [...usual, ...fields].some((line) => line.startsWith('Content-Length'))
    ? []
    : [`Content-Length: ${String(body?.length ?? 0)}`];
  return `${[start, ...usual, ...fields, ...length].join('\r\n')}\r\n\r\n${body ?? ''}`;
}

const invite = { start: 'INVITE sip:102@demo.perch.test SIP/2.0', without: ['To'] };
const toBen = 'To: <sip:102@demo.perch.test>';

test.for<[rule: string, frame: string, answers: readonly number[]]>([
  [
    '§3.1.1.1 white space and folding',
    request({ without: ['Call-ID'], fields: ['call-id :\r\n  tor\t'] }),
    [200],
  ],
  [
    '§3.1.1.2 any token is a method, answered 501 where unknown',
    request({ start: "!i%nt+er~es't sip:demo.perch.test SIP/2.0" }),
    [501],
  ],
  [
    '§3.1.1.8 octets behind the body are not a second message',
    request({ fields: ['Content-Length: 0'] }) + request({}),
    [200],
  ],
  ['§3.1.2.2 Content-Length beyond the body', request({ fields: ['Content-Length: 9999'] }), [400]],
  ['§3.1.2.3 a negative Content-Length', request({ fields: ['Content-Length: -999'] }), [400]],
  [
    '§3.1.2.4 CSeq beyond 2^31',
    request({ without: ['CSeq'], fields: ['CSeq: 36893488147419103232 OPTIONS'] }),
    [400],
  ],
  [
    '§3.1.2.6 an unclosed quote in To',
    request({ without: ['To'], fields: ['To: "Mr. J. User <sip:101@demo.perch.test>'] }),
    [400],
  ],
  [
    '§3.1.2.7 the Request-URI in brackets',
    request({ start: 'OPTIONS <sip:demo.perch.test> SIP/2.0' }),
    [400],
  ],
  [
    '§3.1.2.8 white space in the Request-URI',
    request({ start: 'OPTIONS sip:demo.perch.test; lr SIP/2.0' }),
    [400],
  ],
  [
    '§3.1.2.9 two spaces in the start line',
    request({ start: 'OPTIONS  sip:demo.perch.test  SIP/2.0' }),
    [400],
  ],
  ['§3.1.2.16 version 7.0', request({ start: 'OPTIONS sip:demo.perch.test SIP/7.0' }), [505]],
  ['§3.1.2.17 CSeq of another method', request({ without: ['CSeq'], fields: ['CSeq: 1 INVITE'] }), [400]],
  ['§3.3.1 no Call-ID, From or To', request({ without: ['Call-ID', 'From', 'To'] }), [400]],
  [
    '§3.3.2 a Request-URI of an unknown scheme',
    request({ start: 'OPTIONS nobodyKnowsThisScheme:x SIP/2.0' }),
    [416],
  ],
  ['§3.3.5 an unknown extension is required', request({ fields: ['Require: nothingSupportsThis'] }), [420]],
  [
    '§3.3.6 an INVITE with a body of unknown kind',
    request({ ...invite, fields: [toBen, 'Content-Type: application/unknown'], body: 'x' }),
    [415],
  ],
  ['§3.3.8 two values where one is allowed', request({ fields: ['Call-ID: second'] }), [400]],
  ['§3.3.9 two Content-Lengths', request({ fields: ['Content-Length: 0', 'Content-Length: 1'] }), [400]],
  [
    '§3.3.11 Max-Forwards 0 matters to proxies, and we are the endpoint',
    request({ without: ['Max-Forwards'], fields: ['Max-Forwards: 0'] }),
    [200],
  ],
  [
    '§3.3.13 a Contact of unknown parameters',
    request({
      start: 'REGISTER sip:demo.perch.test SIP/2.0',
      without: ['Contact'],
      fields: ['Contact: <sip:a@b.invalid;transport=ws>;unknownparam;expires=600'],
    }),
    [200],
  ],
  [
    '§3.3.15 an offer is asked for in a type that we do not answer with',
    request({
      ...invite,
      fields: [toBen, 'Accept: text/nobody', 'Content-Type: application/sdp'],
      body: sdp('1'),
    }),
    [406],
  ],
  [
    '§3.1.2.5 a response is not a request',
    'SIP/2.0 503 Out\r\nVia: SIP/2.0/WS x;branch=z9hG4bKno\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>\r\nCall-ID: no\r\nCSeq: 9 OPTIONS\r\n\r\n',
    [],
  ],
  ['§3.1.2.19 a response with a status of ten digits', 'SIP/2.0 4294967301 better\r\n\r\n', []],
])('%s', async ([, frame, answers]) => {
  const phone = await on.register('101');
  expect(await answersTo(phone, frame)).toEqual(answers);
});

/** The RFC's own messages, if they are beside the repository, and the answers that a stranger gets. */
const originals = new URL('../../../shared/data/rfc4475/', import.meta.url);
const challenged = [401];
const wrong = [400];
const nothing: readonly number[] = [];

test.runIf(existsSync(originals)).for<[file: string, answers: readonly number[]]>([
  ...[
    'wsinv intmeth esc01 escnull esc02 lwsdisp longreq dblreq semiuri transports mpart01 badbranch unkscm novelsc',
    // baddate: nothing here depends on Date. inv2543: RFC 2543 is matched as RFC 3261 §17.2.3 says.
    'bext01 invut regaut01 zeromf cparam01 cparam02 regescrt sdp01 baddate inv2543',
  ]
    .join(' ')
    .split(' ')
    .map((file): [string, readonly number[]] => [file, challenged]),
  ...[
    'badinv01 clerr ncl scalar02 quotbal ltgtruri lwsruri lwsstart trws escruri regbadct badaspec baddn',
    'mismatch01 mismatch02 insuf multi01 mcl01',
  ]
    .join(' ')
    .split(' ')
    .map((file): [string, readonly number[]] => [file, wrong]),
  ['badvers', [505]],
  // From has a scheme in which there are no accounts here.
  ['unksm2', [403]],
  ...'unreason noreason scalarlg bigcode bcast'
    .split(' ')
    .map((file): [string, readonly number[]] => [file, nothing]),
])('%s of RFC 4475, from a stranger', async ([file, answers]) => {
  const stranger = await on.connect('101');
  expect(await answersTo(stranger, readFileSync(new URL(`${file}.dat`, originals)))).toEqual(answers);
});
