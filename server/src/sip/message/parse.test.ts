import { expect, test } from 'vitest';
import { callIdOf, contactsOf, fromOf, viaOf } from './essentials.ts';
import { parseMessage } from './parse.ts';

const lines = (...more: readonly string[]): readonly string[] => [
  'Via: SIP/2.0/WS k3jh4.invalid;branch=z9hG4bKq9w8e7',
  'From: <sip:201@perch.example>;tag=f1',
  'To: <sip:101@perch.example>',
  'Call-ID: c0ffee',
  ...more,
];

const frame = (line: string, more: readonly string[], body = ''): string =>
  [line, ...lines(...more), '', body].join('\r\n');

test('a refusal is a complete response, ready to be sent', () => {
  const result = parseMessage(frame('OPTIONS sip:101@perch.example SIP/2.0', ['CSeq: 1 INVITE']));
  expect(result).toEqual({
    ok: false,
    status: 400,
    reason: 'CSeq Method Mismatch',
    reply: [
      'SIP/2.0 400 CSeq Method Mismatch',
      'Via: SIP/2.0/WS k3jh4.invalid;branch=z9hG4bKq9w8e7',
      'From: <sip:201@perch.example>;tag=f1',
      'To: <sip:101@perch.example>;tag=refused',
      'Call-ID: c0ffee',
      'CSeq: 1 INVITE',
      'Content-Length: 0',
      '',
      '',
    ].join('\r\n'),
  });
});

test('a refusal leaves a To tag that is there as it is', () => {
  const text = frame('OPTIONS sip:101@perch.example SIP/2.0', ['CSeq: x']).replace(
    'To: <sip:101@perch.example>',
    't: sip:a@b ; Tag = there',
  );
  expect(parseMessage(text)).toHaveProperty(
    'reply',
    expect.stringContaining('\r\nTo: sip:a@b ; Tag = there\r\n'),
  );
});

test('a refusal echoes no field of more than 8 KiB, and is not sent without a Via', () => {
  const long = 'x'.repeat(9000);
  const text = frame('OPTIONS sip:101@perch.example SIP/2.0', [`CSeq: ${long}`]);
  expect(parseMessage(text)).toHaveProperty('reply', expect.not.stringContaining('\r\nCSeq'));
  expect(parseMessage(text.replace('k3jh4', long))).toMatchObject({ ok: false, reply: undefined });
});

test.for([
  ['an ACK', frame('ACK sip:101@perch.example SIP/2.0', ['CSeq: 1 INVITE'])],
  ['a response', frame('SIP/2.0 200 OK', ['CSeq: x'])],
  ['a request without a Via', frame('OPTIONS sip:a@b SIP/2.0', ['CSeq: 1 OPTIONS']).replace(/Via.*\r\n/, '')],
  ['nothing', ''],
  ['line ends', '\r\n\r\n\r\n'],
  ['HTTP', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'],
  ['words', 'hello there\r\n\r\n'],
  ['JSON', '{"jsonrpc":"2.0"}'],
  ['NULs', '\0\0\0\0'],
] as const)('%s is dropped silently', ([, text]) => {
  expect(parseMessage(text)).toMatchObject({ ok: false, reply: undefined });
});

test.for([
  ['all that is left where there is no Content-Length', [], 'v=0\r\n\r\n', 'v=0\r\n\r\n'],
  ['as much as Content-Length says', ['Content-Length: 3'], 'v=0\r\nINVITE', 'v=0'],
  ['nothing', ['l: 0'], '', ''],
  ['octets, not characters', ['Content-Length: 2'], '\u00c3\u00ab', '\u00c3\u00ab'],
  ['with zeros before its length', ['Content-Length: 0003'], 'abc', 'abc'],
] as const)('the body is %s', ([, more, body, expected]) => {
  const result = parseMessage(frame('INFO sip:a@b SIP/2.0', ['CSeq: 1 INFO', ...more], body));
  expect(result).toHaveProperty('message.body', expected);
});

test.for(['4', '-1', '4294967297', '99999999999999999999', '0x1', '1 2', '', '1.0'])(
  'a Content-Length of %j for three octets is refused',
  (length) => {
    const text = frame('INFO sip:a@b SIP/2.0', ['CSeq: 1 INFO', `Content-Length: ${length}`], 'abc');
    expect(parseMessage(text)).toMatchObject({ ok: false, reason: 'Content-Length Mismatch' });
  },
);

test.for([
  ['0', true],
  ['00255', true],
  ['256', false],
  ['-1', false],
  ['999', false],
  ['', false],
  ['7x', false],
] as const)('Max-Forwards %j is well-formed: %j', ([hops, ok]) => {
  expect(parseMessage(frame('INFO sip:a@b SIP/2.0', ['CSeq: 1 INFO', `Max-Forwards: ${hops}`])).ok).toBe(ok);
});

test.for([
  ['2147483647 INFO', true],
  ['0 INFO', true],
  ['2147483648 INFO', false],
  ['-1 INFO', false],
  ['INFO', false],
  ['1', false],
  ['1INFO', false],
  ['1 info', false],
  ['1 INFO INFO', false],
  ['', false],
] as const)('CSeq %j of an INFO is well-formed: %j', ([cseq, ok]) => {
  expect(parseMessage(frame('INFO sip:a@b SIP/2.0', [`CSeq: ${cseq}`])).ok).toBe(ok);
});

test.for([
  ['INFO sip:a@b sip/2.0', 400],
  ['INFO sip:a@b SIP/2.1', 505],
  ['INFO sip:a@b SIP/20.0', 505],
  ['INFO sip:a@b  SIP/2.0', 400],
  ['INFO sip:a@b SIP/2.0 ', 400],
  ['INFO "sip:a@b" SIP/2.0', 400],
  ['INFO sip: SIP/2.0', 400],
  ['INFO 1sip:a SIP/2.0', 400],
  ['INFO sip:a@b\u00e9 SIP/2.0', 400],
  ['INFO a SIP/2.0', 400],
] as const)('the request line %j earns %d', ([line, status]) => {
  expect(parseMessage(frame(line, ['CSeq: 1 INFO']))).toMatchObject({ ok: false, status });
});

test.for([
  [64, true],
  [65, false],
] as const)('a method of %d characters is one: %j', ([length, ok]) => {
  const method = 'M'.repeat(length);
  expect(parseMessage(frame(`${method} sip:a@b SIP/2.0`, [`CSeq: 1 ${method}`])).ok).toBe(ok);
});

test('line ends before the request line are skipped (RFC 3261 §7.5)', () => {
  expect(parseMessage(`\r\n\r\n${frame('INFO sip:a@b SIP/2.0', ['CSeq: 1 INFO'])}`).ok).toBe(true);
});

test('white space at the end of any line changes nothing', () => {
  const text = frame('INFO sip:a@b SIP/2.0', ['CSeq: 1 INFO', 'Contact: <sip:a@b>;q=1', 'Content-Length: 0']);
  for (const space of [' ', '\t  ', '\r\n ']) {
    const [line = '', ...rest] = text.split('\r\n');
    const spaced = [line, ...rest.map((each) => (each === '' ? '' : each + space))].join('\r\n');
    const result = parseMessage(spaced);
    if (!result.ok) return expect.unreachable(result.reason);
    expect(viaOf(result.message).branch).toBe('z9hG4bKq9w8e7');
    expect(fromOf(result.message).tag).toBe('f1');
    expect(callIdOf(result.message)).toBe('c0ffee');
  }
});

test.for([
  [['Contact: *'], '*'],
  [['Contact: *', 'Contact: <sip:a@b>'], undefined],
  [['Contact: <sip:a@b>', 'm: *'], undefined],
  [['Contact: <sip:a@b>, *'], undefined],
  [
    ['Contact: <sip:a@b>,<sip:c@d>;q=1', 'm: sip:e@f;expires=3'],
    ['sip:a@b', 'sip:c@d', 'sip:e@f'],
  ],
  [[], []],
] as const)('contacts %j are %j', ([more, expected]) => {
  const result = parseMessage(frame('REGISTER sip:b SIP/2.0', ['CSeq: 1 REGISTER', ...more]));
  const contacts = result.ok ? contactsOf(result.message) : undefined;
  expect(typeof contacts === 'object' ? contacts.map(({ uri }) => uri) : contacts).toEqual(expected);
});

test.for(['Call-ID', 'From', 'To'])(
  'an identifier of more than 512 octets in %s is refused, it would be kept',
  (name) => {
    const text = (length: number): string =>
      frame('INFO sip:a@b SIP/2.0', ['CSeq: 1 INFO']).replace(
        new RegExp(`\r\n${name}: .*`),
        `\r\n${name}: ${name === 'Call-ID' ? '' : '<sip:a@b>;tag='}${'x'.repeat(length)}`,
      );
    expect(parseMessage(text(512)).ok).toBe(true);
    expect(parseMessage(text(513)).ok).toBe(false);
  },
);
