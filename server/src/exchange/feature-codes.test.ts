import { expect, test } from 'vitest';
import { meaningOf } from './feature-codes.ts';

const center = (number?: string) => ({ kind: 'center', number });
const extension = (number: string) => ({ kind: 'extension', number });
const unknown = { kind: 'unknown' };
const unknownCode = { kind: 'unknown-code' };

test.for([
  ['*30', center()],
  ['*30#', center()],
  ['%2A30', center()],
  ['*30101', center('101')],
  ['%2a30101', center('101')],
  ['%2A30101%23', center('101')],
  ['*30 101', center('101')],
  ['*30%20101', center('101')],
  ['*30-101#', center('101')],
  ['*3042', center('42')],
  ['*30123456789', center('123456789')],
  ['*97', { kind: 'voicemail' }],
  ['101', extension('101')],
  ['1-0-1', extension('101')],
  ['101#', extension('101')],
  ['30101', extension('30101')],
  ['%D9%A1%D9%A0%D9%A1', extension('101')],
  ['\u00d9\u00a1\u00d9\u00a0\u00d9\u00a1', extension('101')],
  ['%E2%80%AD112%E2%80%AC', { kind: 'emergency', number: '112' }],
  ['%EF%BC%8A%EF%BC%93%EF%BC%90', center()],
  ['1%E2%80%910%C2%A01', extension('101')],
  ['101;phone-context=example.org', extension('101')],
  ['112', { kind: 'emergency', number: '112' }],
  ['1 1 2', { kind: 'emergency', number: '112' }],
  ['*30112', center('112')],
  ['', unknown],
  ['#', unknown],
  ['1', unknown],
  ['123456789', unknown],
  ['*3', unknownCode],
  ['*3010a', unknown],
  ['*30*101', unknownCode],
  ['*31', unknownCode],
  ['*98', unknownCode],
  ['%2A98%23', unknownCode],
  ['#31#101', unknownCode],
  ['**30', unknownCode],
  ['ada', unknown],
  ['__proto__', unknown],
  ['%', unknown],
  ['10%0d%0a1', unknown],
  ['1%001', unknown],
  ['%FF101', unknown],
  ['1'.repeat(5000), unknown],
] as const)('"%s" means %o', ([userPart, meaning]) => {
  expect(meaningOf(userPart, ['112', '911'])).toEqual(meaning);
});
