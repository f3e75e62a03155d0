import fc from 'fast-check';
import { digitsFor, FEATURE_CODES, serviceOf } from '@perch/shared';
import { describe, expect, test } from 'vitest';
import { targetOf } from './numbering.ts';

const center = (number?: string) => ({ kind: 'service', service: { name: 'center', number } });
const echo = { kind: 'service', service: { name: 'echo' } };
const voicemail = { kind: 'service', service: { name: 'voicemail' } };
const extension = (number: string) => ({ kind: 'extension', number });
const emergency = (number: string) => ({ kind: 'emergency', number });
const unknown = { kind: 'none', reason: 'no-such-number' };
const unknownCode = { kind: 'none', reason: 'no-such-code' };

const EMERGENCY = ['112', '911'] as const;

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
  ['*97', voicemail],
  ['*43', echo],
  ['*68', { kind: 'service', service: { name: 'park' } }],
  ['*681', unknownCode],
  ['*697', { kind: 'service', service: { name: 'pick-up', slot: '7' } }],
  ['*6912', { kind: 'service', service: { name: 'pick-up', slot: '12' } }],
  ['*69', unknownCode],
  ['*69123', unknownCode],
  ['*430', unknownCode],
  ['101', extension('101')],
  ['1-0-1', extension('101')],
  ['101#', extension('101')],
  ['30101', extension('30101')],
  ['%D9%A1%D9%A0%D9%A1', extension('101')],
  ['\u00d9\u00a1\u00d9\u00a0\u00d9\u00a1', extension('101')],
  ['%E2%80%AD112%E2%80%AC', emergency('112')],
  ['%EF%BC%8A%EF%BC%93%EF%BC%90', center()],
  ['1%E2%80%910%C2%A01', extension('101')],
  ['101;phone-context=example.org', extension('101')],
  ['112', emergency('112')],
  ['1 1 2', emergency('112')],
  ['*30112', center('112')],
  ['', unknown],
  ['#', unknownCode],
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
  ['*970', unknownCode],
  ['*97101', unknownCode],
  ['+*30101', unknown],
  ['*30+101', unknown],
  ['*30##', center()],
  ['*30*', unknownCode],
  ['30', extension('30')],
  ['97', extension('97')],
] as const)('"%s" means %o', ([userPart, target]) => {
  expect(targetOf(userPart, EMERGENCY)).toEqual(target);
});

test.for([
  ['the own number', '101', '101', voicemail],
  ['the own number, as people write it', '1-0-1#', '101', voicemail],
  ['the number of another extension', '102', '101', extension('102')],
  ['the own number after a code', '*30101', '101', center('101')],
  ['an emergency number that is the own number', '112', '112', emergency('112')],
  ['nothing', '', '101', unknown],
] as const)('from an extension, %s', ([, userPart, own, target]) => {
  expect(targetOf(userPart, EMERGENCY, own)).toEqual(target);
});

describe('any digits', () => {
  const keys = fc.string({ unit: fc.constantFrom(...'0123456789*#'), maxLength: 12 });
  const coded = fc
    .tuple(fc.constantFrom(...Object.values(FEATURE_CODES)), keys)
    .map((parts) => parts.join(''));
  const dialled = fc.oneof(keys, coded, fc.constantFrom(...EMERGENCY));
  const number = fc.stringMatching(/^[0-9]{2,8}$/);

  test('have exactly one target, which spells them again', () => {
    fc.assert(
      fc.property(dialled, (digits) => {
        const target = targetOf(digits, EMERGENCY);
        const end = /(?<=.)#+$/;
        switch (target.kind) {
          case 'service':
            expect(digitsFor(target.service)).toBe(digits.replace(end, ''));
            break;
          case 'extension':
          case 'emergency':
            expect(target.number).toBe(digits.replace(end, ''));
            break;
          case 'none':
            expect(serviceOf(digits.replace(end, ''))).toBeUndefined();
            expect(digits.replace(end, '')).not.toMatch(/^\d{2,8}$/);
        }
      }),
    );
  });

  test('after a feature code never reach an extension, nor an emergency number', () => {
    fc.assert(
      fc.property(coded, fc.option(number, { nil: undefined }), (digits, own) => {
        expect(['service', 'none']).toContain(targetOf(digits, EMERGENCY, own).kind);
      }),
    );
  });

  test('that are an emergency number are nothing else, no matter who dials them', () => {
    fc.assert(
      fc.property(fc.array(number, { minLength: 1 }), number, (emergencyNumbers, own) => {
        for (const digits of emergencyNumbers)
          expect(targetOf(digits, emergencyNumbers, own)).toEqual(emergency(digits));
      }),
    );
  });

  test('mean the same with separators, escapes and a closing #', () => {
    fc.assert(
      fc.property(
        dialled.filter((digits) => !digits.endsWith('#') && digits !== ''),
        (digits) => {
          const target = targetOf(digits, EMERGENCY);
          expect(targetOf(`${digits}#`, EMERGENCY)).toEqual(target);
          expect(targetOf([...digits].join('-'), EMERGENCY)).toEqual(target);
          const escaped = [...digits].map((key) => `%${key.charCodeAt(0).toString(16)}`).join('');
          expect(targetOf(escaped, EMERGENCY)).toEqual(target);
        },
      ),
    );
  });

  test('and any other text throw nothing and have a target', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        expect(['extension', 'emergency', 'service', 'none']).toContain(targetOf(text, EMERGENCY).kind);
      }),
    );
  });
});
