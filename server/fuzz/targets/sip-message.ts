import assert from 'node:assert/strict';
import { buildRequest, responseTo } from '../../src/sip/message/build.ts';
import type { HeaderField, SipMessage, SipRequest } from '../../src/sip/message/message.ts';
import type { NameAddr } from '../../src/sip/message/fields/name-addr.ts';
import { quoteText } from '../../src/sip/message/fields/quoting.ts';
import { parseMessage } from '../../src/sip/message/parse.ts';
import type { Target } from '../target.ts';
import { SIP_DICTIONARY } from './sip-text.ts';

const message = (...lines: readonly string[]): Buffer => Buffer.from(lines.join('\r\n'), 'latin1');

/** What of a message goes into messages of ours. */
function repeated({ essentials, body }: SipMessage): unknown {
  const { via, from, to, callId, cseq, contacts } = essentials;
  return [
    [via.text, callId, cseq, body],
    [from, to].map(({ uri, tag }) => [uri, tag]),
    contacts === '*' ? '*' : contacts.map(({ uri, params }) => [uri, params.toString()]),
  ];
}

/** All that the fields which every message has are read as. */
function essentialsOf({ essentials, body }: SipMessage): unknown {
  const { via, from, to, callId, cseq, contacts } = essentials;
  return {
    via: [via.text, via.transport, via.sentBy, via.branch, via.isBare, via.params.get('received')],
    addresses: [from, to, ...(contacts === '*' ? [] : contacts)].map((address) => [
      address.displayName,
      address.uri,
      address.tag,
      address.params.toString(),
    ]),
    isForAll: contacts === '*',
    ids: [callId, cseq.number, cseq.method, body],
  };
}

/** Whole lines only, so that nothing from the peer is taken for a line of ours. */
function assertClean(frame: string): void {
  const [head = ''] = frame.split('\r\n\r\n', 1);
  assert.ok(
    !/[\r\n]/.test(head.replaceAll('\r\n', '')),
    'a line of ours is broken by a line end of the peer',
  );
  assert.ok(frame.includes('\r\n\r\n'), 'the head of a message of ours does not end');
}

/** Written anew by the server's own writer, as far as it repeats what was read: of an address the name, without its control characters, the URI and the tag. */
function rewritten({ method, uri, headers, essentials, body }: SipRequest): string {
  const address = ({ displayName, uri, tag }: NameAddr): string =>
    `${displayName === undefined ? '' : quoteText(displayName)}<${uri}>${tag === undefined ? '' : `;tag=${tag}`}`;
  const fields: HeaderField[] = [
    ['Via', headers.all('via').join(', ')],
    ['From', address(essentials.from)],
    ['To', address(essentials.to)],
    ['Call-ID', essentials.callId],
    ['CSeq', `${essentials.cseq.number} ${essentials.cseq.method}`],
    ...headers.all('contact').map((value): HeaderField => ['Contact', value]),
  ];
  return buildRequest({ method, uri, fields, body });
}

export const target: Target = {
  seeds: [
    message(
      'REGISTER sip:perch.example SIP/2.0',
      'Via: SIP/2.0/WS k3jh4lgbo.invalid;branch=z9hG4bK3172936',
      'Max-Forwards: 69',
      'To: <sip:201@perch.example>',
      'From: "Front \\"desk\\"" <sip:201@perch.example>;tag=8fj3kd92la',
      'Call-ID: u6dg9bsh4kqmtlpnvc5e9f',
      'CSeq: 17 REGISTER',
      'Contact: <sip:q3k8ms1d@k3jh4lgbo.invalid;transport=ws>;reg-id=1;expires=600, *',
      'Expires: 600',
      'Supported: path,gruu,outbound',
      'Content-Length: 0',
      '',
      '',
    ),
    message(
      'REFER sip:q3k8ms1d@edge.invalid SIP/2.0',
      'v: SIP/2.0/WS [2001:db8::1]:5062;rport;branch=z9hG4bK77, SIP / 2.0 / WSS b;received=192.0.2.1',
      't: <sip:102@perch.example>;tag=t2',
      'f: sip:101@perch.example;tag=t1',
      'i: ours-1',
      'CSeq: 3 REFER',
      'm: *',
      'r: <sip:103@perch.example?Replaces=7ok2m1vq8%3Bto-tag%3Da%3Bfrom-tag%3Db>',
      'Record-Route: <sip:a.example;lr>,',
      ' "B, C" <sip:b.example;lr>',
      'Timestamp: 54',
      'l: 5',
      '',
      'v=0\r\n',
    ),
    message(
      'SIP/2.0 200 OK',
      'Via: SIP/2.0/WS 4k2j.invalid;branch=z9hG4bKours.1.x;received=192.0.2.1',
      'To: <sip:102@perch.example>;tag=t2',
      'From: "Ada" <sip:101@perch.example>;tag=t1',
      'Call-ID: ours-1',
      'CSeq: 1 INVITE',
      'Content-Length: 0',
      '',
      '',
    ),
    message('INVITE sip:102@perch.example SIP/3.0', 'Via: SIP/2.0/WS a.invalid;branch=z9hG4bK1', '', ''),
  ],
  dictionary: [
    ...SIP_DICTIONARY,
    '\r\n\r\n',
    '\r\nContent-Length: 9999999999\r\n',
    '\r\nVia: SIP/2.0/WS b.invalid;branch=z9hG4bK2',
    '\r\nContact: *',
    '\r\nRecord-Route: <sip:c;lr>',
    '\r\n__proto__: x\r\nconstructor: y',
    '\r\nX-Foo : v',
    '\r\nMax-Forwards: -1',
    ' SIP/2.0\r\n',
  ],
  parse(input) {
    const result = parseMessage(input.toString('latin1'));
    if (!result.ok) {
      if (result.reply !== undefined) assertClean(result.reply);
      return result;
    }
    const { message, rest } = result;
    const read = essentialsOf(message);
    for (const name of ['via', 'record-route', 'allow', 'x-foo', '__proto__', 'constructor']) {
      assert.equal(
        message.headers.lines(name) === '',
        message.headers.count(name) === 0,
        'lines that do not count',
      );
      assert.ok(
        message.headers.all(name).every((value) => !/[\r\n]/.test(value)),
        'a value with a line end',
      );
    }
    const answers: string[] = [];
    if (message.kind === 'request') {
      answers.push(responseTo(message, { status: 200, toTag: 'ours' }), rewritten(message));
      answers.forEach(assertClean);
      const [answer, again] = answers.map((frame) => parseMessage(frame));
      assert.ok(answer?.ok && answer.message.kind === 'response', 'our answer is no message');
      assert.ok(
        again?.ok && again.message.kind === 'request',
        'what was read is no message when it is written',
      );
      assert.deepEqual(repeated(again.message), repeated(message), 'what is written is read otherwise');
    }
    return { read, rest, answers };
  },
};
