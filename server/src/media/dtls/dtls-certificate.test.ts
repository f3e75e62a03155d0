import { describe, expect, test } from 'vitest';
import { announceSame } from './dtls-certificate.ts';
import type { Fingerprint } from './dtls-certificate.ts';

const [A, B, C] = ['AA', 'BB', 'CC'].map((value): Fingerprint => ({ hash: 'sha-256', value })) as [
  Fingerprint,
  Fingerprint,
  Fingerprint,
];
const long = (value: string): Fingerprint => ({ hash: 'sha-512', value });

describe('two offers announce the same certificates', () => {
  test.for<[string, Fingerprint[], Fingerprint[], boolean]>([
    ['with the same fingerprint', [A], [A], true],
    ['with the same fingerprint twice', [A], [A, A], true],
    ['in another order', [A, B], [B, A], true],
    ['with another hash of them added', [A], [A, long('A5')], true],
    ['with another hash of them left out', [A, long('A5')], [long('A5')], true],
    ['never with another fingerprint', [A], [B], false],
    ['never with one more of the same hash', [A], [A, B], false],
    ['never with one of two replaced', [A, B], [A, C], false],
    ['never where a stronger hash differs', [A, long('A5')], [A, long('B5')], false],
    ['never where no hash is in both', [A], [long('A5')], false],
    [
      'never by a hash that is broken',
      [{ hash: 'sha-1', value: '11' }],
      [{ hash: 'sha-1', value: '11' }],
      false,
    ],
    ['never with none', [], [], false],
  ])('%s', ([, one, other, same]) => {
    expect(announceSame(one, other)).toBe(same);
    expect(announceSame(other, one)).toBe(same);
  });
});
