import { expect, test } from 'vitest';
import { totpStep, totpUrl } from './totp.ts';

/** The secret of RFC 6238, appendix B. */
const SECRET = Buffer.from('12345678901234567890');
const STEP_MS = 30_000;

// The last six digits of the eight that the table has for SHA-1.
test.for([
  [59, '287082', 0x1],
  [1_111_111_109, '081804', 0x23523ec],
  [1_111_111_111, '050471', 0x23523ed],
  [1_234_567_890, '005924', 0x273ef07],
  [2_000_000_000, '279037', 0x3f940aa],
  [20_000_000_000, '353130', 0x27bc86aa],
] as const)('RFC 6238, appendix B: at %i s the code is %s', ([seconds, code, step]) => {
  const now = seconds * 1_000;
  expect(totpStep(SECRET, code, now)).toBe(step);
  // A clock that is wrong by one step is forgiven, and the step is that of the code.
  expect(totpStep(SECRET, code, now + STEP_MS)).toBe(step);
  expect(totpStep(SECRET, code, now - STEP_MS)).toBe(step);
  for (const steps of [-2, 2]) expect(totpStep(SECRET, code, now + steps * STEP_MS)).toBeUndefined();
});

test.for(['', '28708', '2870820', '28708a', ' 287082'])('%j is no code', (code) => {
  expect(totpStep(SECRET, code, 59_000)).toBeUndefined();
});

test('an app is told who demands the code and of whom', () => {
  const { url, secret } = totpUrl(SECRET, 'A: B & Ø', 'ada+1@demo.test');
  expect(secret).toBe('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
  const { protocol, host, pathname, searchParams } = new URL(url);
  expect([protocol, host, decodeURIComponent(pathname)]).toEqual([
    'otpauth:',
    'totp',
    '/A  B & Ø:ada+1@demo.test',
  ]);
  expect(Object.fromEntries(searchParams)).toEqual({
    ...{ issuer: 'A  B & Ø', secret, algorithm: 'SHA1', digits: '6', period: '30' },
  });
});
