import { expect, test } from 'vitest';
import { parseNameAddr } from './name-addr.ts';
import { quoteText } from './quoting.ts';
import { encodeUtf8 } from '../utf8.ts';

test.for([
  ['<sip:a@b>', undefined, 'sip:a@b', undefined],
  ['<sip:a@b>;tag=1', undefined, 'sip:a@b', '1'],
  ['<sip:a@b;tag=uri>', undefined, 'sip:a@b;tag=uri', undefined],
  ['sip:a@b', undefined, 'sip:a@b', undefined],
  ['sip:a@b;TAG=1', undefined, 'sip:a@b', '1'],
  ['Ada <sip:a@b>', 'Ada', 'sip:a@b', undefined],
  ['Ada  Love.lace<sip:a@b>', 'Ada  Love.lace', 'sip:a@b', undefined],
  ['"Ada, \\"A\\" \\\\" <sip:a@b> ; tag = 1', 'Ada, "A" \\', 'sip:a@b', '1'],
  ['"<sip:x@y>" <sip:a@b>', '<sip:x@y>', 'sip:a@b', undefined],
  ['"" <sip:a@b>', '', 'sip:a@b', undefined],
  [`"${encodeUtf8('Zoë')}" <sip:a@b>`, 'Zoë', 'sip:a@b', undefined],
  [`${encodeUtf8('Zoë')} <sip:a@b>`, 'Zoë', 'sip:a@b', undefined],
  ['"\u00c0\u00af" <sip:a@b>', '\ufffd\ufffd', 'sip:a@b', undefined],
  ['<tel:+1>', undefined, 'tel:+1', undefined],
] as const)('%j', ([text, displayName, uri, tag]) => {
  const parsed = parseNameAddr(text);
  expect(parsed).toMatchObject({ uri, tag });
  expect(parsed?.displayName).toBe(displayName);
});

test.for([
  '',
  'Ada',
  'a@b',
  '<a@b>',
  '<>',
  '<sip:>',
  '<sip:a@b',
  'sip:a@b>',
  '< sip:a@b>',
  '<sip:a b>',
  '<sip:a@b>x',
  '<sip:a@b>;',
  '<sip:a@b>;;a',
  '<sip:a@b>;tag',
  '<sip:a@b>;tag=',
  '<sip:a@b>;tag=1;tag=2',
  '<sip:a@b>;tag="1"',
  '<sip:a@b>;tag="\\\0"',
  '<sip:a@b>;a="b',
  '<sip:a@b>, <sip:c@d>',
  'sip:a@b?c=d',
  'sip:a@b,sip:c@d',
  '"Ada <sip:a@b>',
  '"Ada" sip:a@b',
  '"Ada" "B" <sip:a@b>',
  'A, B <sip:a@b>',
  'A; B <sip:a@b>',
  '<sip:\u00eb@b>',
])('%j is malformed', (text) => {
  expect(parseNameAddr(text)).toBe(undefined);
});

test('parameters are looked up in any case, without quotes', () => {
  const params = parseNameAddr(
    '<sip:a@b>;+SIP.instance="<urn:uuid:\\"1\\">" ; Reg-ID = 1;flag;__proto__=x',
  )?.params;
  expect(params?.get('+sip.instance')).toBe('<urn:uuid:"1">');
  expect(params?.get('reg-id')).toBe('1');
  expect(params?.get('flag')).toBe('');
  expect(params?.get('__proto__')).toBe('x');
  expect(params?.get('constructor')).toBe(undefined);
  expect(params?.has('flag')).toBe(true);
  expect(String(params)).toBe(';+SIP.instance="<urn:uuid:\\"1\\">" ; Reg-ID = 1;flag;__proto__=x');
});

test('a quoted text is read back unchanged and cannot smuggle anything in', () => {
  for (const name of ['Ada', 'Zoë "Z" \\', '日本', 'a, b; <c>']) {
    expect(parseNameAddr(`${quoteText(name)} <sip:a@b>`)?.displayName).toBe(name);
  }
  expect(quoteText('a\r\nVia: b\0\t"')).toBe('"aVia: b\\""');
});
