import { expect, test } from 'vitest';
import { referredNumber } from './referred-number.ts';

test.for([
  ['sip', '102', 'example.org', '102'],
  ['sip', '102', 'EXAMPLE.org', '102'],
  ['sip', '102', 'elsewhere.org', undefined],
  ['sip', '102', 'example.org.elsewhere.org', undefined],
  ['tel', '102', 'example.org', undefined],
  ['sip', '*30101', 'example.org', undefined],
  ['sip', 'ben', 'example.org', undefined],
  ['sip', '', 'example.org', undefined],
  ['sip', null, 'example.org', undefined],
] as const)('%s:%s@%s asks for %s', ([scheme, user, host, number]) => {
  expect(referredNumber({ scheme, user, host }, 'example.org')).toBe(number);
});
