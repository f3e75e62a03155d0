import { describe, expect, test } from 'vitest';
import { buildRequest, responseTo, UnsafeFieldError } from './build.ts';
import type { SipRequest } from './message.ts';
import { parseMessage } from './parse.ts';
import { reasonPhrase } from './reason-phrases.ts';

function request(method: string, ...lines: readonly string[]): SipRequest {
  const result = parseMessage(
    [
      `${method} sip:101@perch.example SIP/2.0`,
      'Via: SIP/2.0/WS a.invalid;branch=z9hG4bK1',
      'v: SIP/2.0/TCP b.example;branch=z9hG4bK2',
      'f: "Ada" <sip:201@perch.example>;tag=f1',
      'TO : <sip:101@perch.example>',
      'i: c0ffee',
      `CSeq: 1\r\n ${method}`,
      ...lines,
      '',
      '',
    ].join('\r\n'),
  );
  if (!result.ok || result.message.kind !== 'request') throw new Error('the test’s own request is malformed');
  return result.message;
}

describe('a response', () => {
  test('copies what its request had, unchanged', () => {
    expect(
      responseTo(request('OPTIONS'), { status: 200, toTag: 't1', fields: [['Allow', 'INVITE']], body: 'hi' }),
    ).toBe(
      [
        'SIP/2.0 200 OK',
        'Via: SIP/2.0/WS a.invalid;branch=z9hG4bK1',
        'v: SIP/2.0/TCP b.example;branch=z9hG4bK2',
        'f: "Ada" <sip:201@perch.example>;tag=f1',
        'To: <sip:101@perch.example>;tag=t1',
        'i: c0ffee',
        'CSeq: 1\r\n OPTIONS',
        'Allow: INVITE',
        'Content-Length: 2',
        '',
        'hi',
      ].join('\r\n'),
    );
  });

  test('leaves a To tag as it is', () => {
    const line = 'To: <sip:101@perch.example>;tag=there';
    const tagged = parseMessage(
      `BYE sip:a@b SIP/2.0\r\nVia: SIP/2.0/WS a\r\nFrom: <sip:a@b>;tag=1\r\n${line}\r\nCall-ID: c\r\nCSeq: 2 BYE\r\n\r\n`,
    );
    if (!tagged.ok || tagged.message.kind !== 'request') return expect.unreachable();
    expect(responseTo(tagged.message, { status: 200, toTag: 'other' })).toContain(`\r\n${line}\r\n`);
  });

  test.for([
    ['INVITE', 200, true],
    ['INVITE', 180, true],
    ['INVITE', 100, false],
    ['INVITE', 486, false],
    ['SUBSCRIBE', 200, true],
    ['OPTIONS', 200, false],
  ] as const)('to %s with %d copies Record-Route: %j (RFC 3261 §12.1.1)', ([method, status, copies]) => {
    const text = responseTo(request(method, 'Record-Route: <sip:e;lr>', 'Timestamp: 5'), { status });
    expect(text.includes('Record-Route: <sip:e;lr>\r\n')).toBe(copies);
    expect(text.includes('Timestamp: 5\r\n')).toBe(status === 100);
  });

  test('has the phrase of its status or its class, or the one given', () => {
    expect(responseTo(request('INVITE'), { status: 487 })).toMatch(/^SIP\/2\.0 487 Request Terminated\r\n/);
    expect(responseTo(request('INVITE'), { status: 487, reason: 'Gone' })).toMatch(/^SIP\/2\.0 487 Gone\r\n/);
    expect([499, 299, 699, 999].map(reasonPhrase)).toEqual([
      'Bad Request',
      'OK',
      'Busy Everywhere',
      'Unknown',
    ]);
  });
});

test('the fields of a request follow the leading lines', () => {
  const text = buildRequest(
    { method: 'INFO', uri: 'sip:a@b', fields: [['Call-ID', 'x']], body: 'four' },
    'Via: SIP/2.0/WS h\r\n',
  );
  expect(text).toBe(
    'INFO sip:a@b SIP/2.0\r\nVia: SIP/2.0/WS h\r\nCall-ID: x\r\nContent-Length: 4\r\n\r\nfour',
  );
});

test.for(['\r', '\n', '\r\n', '\0'])('%j can be smuggled in nowhere', (poison) => {
  const smuggled = `a${poison}Via: b`;
  const fields = (name: string, value: string) => ({ fields: [[name, value]] as const });
  const response = request('OPTIONS');
  for (const build of [
    () => responseTo(response, { status: 200, ...fields('Subject', smuggled) }),
    () => responseTo(response, { status: 200, ...fields(smuggled, 'x') }),
    () => responseTo(response, { status: 200, reason: smuggled }),
    () => responseTo(response, { status: 200, toTag: smuggled }),
    () => buildRequest({ method: 'INFO', uri: 'sip:a', ...fields('Subject', smuggled) }),
    () => buildRequest({ method: 'INFO', uri: smuggled, fields: [] }),
    () => buildRequest({ method: smuggled, uri: 'sip:a', fields: [] }),
  ]) {
    expect(build).toThrow(UnsafeFieldError);
  }
});
