import { expect, test } from 'vitest';
import { parseMessage } from './parse.ts';
import { requestWith } from './support/test-message.ts';

test('a field is found by its long name in lower case, however it was spelled', () => {
  const { headers } = requestWith(
    's: compact',
    'SUPPORTED: a',
    'k: b',
    'x-OWN: c',
    'X-Own : d',
    'X-Own-Not: e',
  );
  expect(headers.get('subject')).toBe('compact');
  expect(headers.all('supported')).toEqual(['a', 'b']);
  expect(headers.all('x-own')).toEqual(['c', 'd']);
  expect(headers.count('x-own')).toBe(2);
});

test('a field that is not there is undefined, empty, none', () => {
  const { headers } = requestWith();
  for (const name of ['contact', 'subject', 'x-own', '__proto__', 'constructor', 'toString']) {
    expect(headers.get(name)).toBe(undefined);
    expect(headers.all(name)).toEqual([]);
    expect(headers.count(name)).toBe(0);
    expect(headers.lines(name)).toBe('');
  }
});

test('a field may be named like a built-in property of JavaScript objects', () => {
  const { headers } = requestWith('__proto__: a', 'constructor: b');
  expect(headers.get('__proto__')).toBe('a');
  expect(headers.get('constructor')).toBe('b');
});

test('lists are split at their commas, over all lines; other values never', () => {
  const { headers } = requestWith(
    'Record-Route: "A, B" <sip:a;x=",">, <sip:b,c@d>',
    'Record-Route: <sip:e>,, <sip:f>',
    'WWW-Authenticate: Digest realm="a", nonce="b"',
    'X-List: a, b',
  );
  expect(headers.all('record-route')).toEqual(['"A, B" <sip:a;x=",">', '<sip:b,c@d>', '<sip:e>', '<sip:f>']);
  expect(headers.all('www-authenticate')).toEqual(['Digest realm="a", nonce="b"']);
  expect(headers.all('x-list')).toEqual(['a, b']);
  expect(headers.get('record-route')).toBe('"A, B" <sip:a;x=",">, <sip:b,c@d>');
});

test('values come unfolded and trimmed, lines as received', () => {
  const { headers } = requestWith('Subject : \t a\r\n\t b \r\n  c \t', 'Organization:', 'User-Agent: \r\n ');
  expect(headers.get('subject')).toBe('a b  c');
  expect(headers.lines('subject')).toBe('Subject : \t a\r\n\t b \r\n  c \t\r\n');
  expect(headers.get('organization')).toBe('');
  expect(headers.get('user-agent')).toBe('');
});

const REQUEST = [
  'OPTIONS sip:101@perch.example SIP/2.0',
  'Via: SIP/2.0/WS k3jh4.invalid;branch=z9hG4bKq9w8e7',
  'From: <sip:201@perch.example>;tag=f1',
  'To: <sip:101@perch.example>',
  'Call-ID: c0ffee',
  'CSeq: 1 OPTIONS',
];

test('256 fields are read, and no more', () => {
  const own = Array.from({ length: 251 }, (_, index) => `x-${String(index)}: y`);
  expect(requestWith(...own).headers.get('x-250')).toBe('y');
  expect(() => requestWith(...own, 'x-251: y')).toThrow();
});

test.for([
  ['a bare line feed', 'X: a\nVia: b', 'Stray Control Character'],
  ['a bare carriage return', 'X: a\rVia: b', 'Stray Control Character'],
  ['a carriage return before the line end', 'X: a\r', 'Stray Control Character'],
  ['a NUL', 'X: a\0b', 'Stray Control Character'],
  ['a NUL after a backslash, where no person reads it', 'X: "a\\\0b"', 'Stray Control Character'],
  ['a line without a colon', 'Foo bar', 'Malformed Header Field'],
  ['a line without a name', ': bar', 'Malformed Header Field'],
  ['a space within a name', 'Foo bar: x', 'Malformed Header Field'],
  ['a second Call-ID in compact form', 'i: other', 'Repeated Header Field'],
  ['a name in other letters than ASCII’s', 'Vi\u00e4: x', 'Malformed Header Field'],
  ['hundreds of fields', 'a: b\r\n'.repeat(300) + 'c: d', 'Too Many Header Fields'],
] as const)('%s is refused, with a reply', ([, line, reason]) => {
  const result = parseMessage([...REQUEST, line, '', ''].join('\r\n'));
  expect(result).toMatchObject({ ok: false, status: 400, reason });
  expect(result).toHaveProperty('reply', expect.stringContaining('Call-ID: c0ffee\r\n'));
});

test.for(REQUEST.map((_, index) => REQUEST.slice(0, index + 1).join('\r\n')))(
  'half a message is refused, or dropped: %j',
  (half) => {
    for (const text of [half, `${half}\r`, `${half}\r\n`, `${half}\r\n\r`]) {
      expect(parseMessage(text)).toMatchObject({ ok: false, status: 400 });
    }
  },
);
