import { expect, test } from 'vitest';
import {
  digitsFor,
  FEATURE_CODES,
  meaningOf,
  type Service,
  serviceOf,
  worksLocked,
} from './feature-codes.ts';

test.for<readonly [string, Service | undefined]>([
  ['*30', { name: 'center', number: undefined }],
  ['*30101', { name: 'center', number: '101' }],
  ['*3030', { name: 'center', number: '30' }],
  ['*30*30', undefined],
  ['*30#', undefined],
  ['*97', { name: 'voicemail' }],
  ['*971', undefined],
  ['*78', { name: 'do-not-disturb' }],
  ['*79', { name: 'do-not-disturb-off' }],
  ['*780', undefined],
  ['*72103', { name: 'forward', number: '103' }],
  ['*72', { name: 'forward', number: undefined }],
  ['*72*73', undefined],
  ['*73', { name: 'forward-off' }],
  ['*73103', undefined],
  ['*3', undefined],
  ['30101', undefined],
  ['', undefined],
])('%j calls %o', ([digits, service]) => {
  expect(serviceOf(digits)).toEqual(service);
  if (service !== undefined) expect(digitsFor(service)).toBe(digits);
});

test.for(Object.entries(FEATURE_CODES))(
  '%s is called by its code, with all that may follow it',
  ([name, code]) => {
    const services = ['', '7', '103'].flatMap((follows) => {
      const service = serviceOf(code + follows);
      if (service !== undefined) expect(digitsFor(service)).toBe(code + follows);
      return service ?? [];
    });
    expect(new Set(services.map((service) => service.name))).toEqual(new Set([name]));
  },
);

test('no code is the beginning of another one, nor an extension’s number', () => {
  const codes = Object.values(FEATURE_CODES);
  for (const code of codes) {
    expect(codes.filter((other) => other.startsWith(code))).toEqual([code]);
    expect(code).toMatch(/^\*\d+$/);
  }
});

test('nothing hides an emergency number, and the own number is the mailbox', () => {
  expect(meaningOf('112', ['112'], '112')).toEqual({ kind: 'emergency', number: '112' });
  expect(meaningOf('*30', ['*30'])).toEqual({ kind: 'emergency', number: '*30' });
  expect(meaningOf('101', ['112'], '101')).toEqual({ kind: 'service', service: { name: 'voicemail' } });
  expect(meaningOf('101', ['112'], '102')).toEqual({ kind: 'number', number: '101' });
  expect(meaningOf('101', ['112'])).toEqual({ kind: 'number', number: '101' });
  expect(meaningOf('101##', ['112'])).toEqual({ kind: 'number', number: '101' });
  expect(meaningOf('112#', ['112'])).toEqual({ kind: 'emergency', number: '112' });
});

test('on a locked phone only the Center can be called', () => {
  expect(worksLocked({ name: 'center', number: undefined })).toBe(true);
  expect(worksLocked({ name: 'voicemail' })).toBe(false);
  expect(worksLocked({ name: 'do-not-disturb' })).toBe(false);
  expect(worksLocked({ name: 'forward', number: '103' })).toBe(false);
});
