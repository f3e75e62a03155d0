import { expect, test } from 'vitest';
import { parseCredentials } from './auth-params.ts';

test('Digest', () => {
  const parsed = parseCredentials(
    'DIGEST username="a\\"b", Realm = "x, y",nonce=abc==\t,qop=auth , nc=00000001',
  );
  expect(parsed?.scheme).toBe('digest');
  expect(parsed?.token).toBe('');
  expect(parsed?.params).toEqual({
    username: 'a"b',
    realm: 'x, y',
    nonce: 'abc==',
    qop: 'auth',
    nc: '00000001',
  });
});

test('Bearer', () => {
  expect(parseCredentials('Bearer aa.bb-_~+/.cc==')).toMatchObject({
    scheme: 'bearer',
    token: 'aa.bb-_~+/.cc==',
  });
});

test.for([
  ['Novel a=b', 'novel'],
  ['Basic cGVyY2g=', 'basic'],
  ['Negotiate', 'negotiate'],
  ['Digest', 'digest'],
  ['Digest ', 'digest'],
  ['Bearer ', 'bearer'],
] as const)('%j has a scheme and nothing else that we use', ([text, scheme]) => {
  expect(parseCredentials(text)).toEqual({ scheme, token: '', params: {} });
});

test('unknown parameters are skipped, whatever their names', () => {
  const parsed = parseCredentials(
    'Digest __proto__=a, constructor="b", usernamex=c, NC=1, opaque=d, opaque=e',
  );
  expect(parsed?.params).toEqual({ nc: '1' });
});

test.for([
  '',
  'Digest;a=b',
  'Digest a',
  'Digest a=',
  'Digest a="b',
  'Digest a=b,',
  'Digest ,a=b',
  'Digest a=b c=d',
  'Digest nc=b, NC=c',
  'Digest nc="", nc=c',
  'Digest a=b; c=d',
  `Digest ${Array.from({ length: 33 }, (_, n) => `p${String(n)}=1`).join(',')}`,
  'Bearer a b',
  'Bearer a"',
  'Bearer ==',
])('%j is malformed', (text) => {
  expect(parseCredentials(text)).toBe(undefined);
});
