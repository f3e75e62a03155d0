import { expect, test } from 'vitest';
import { KeyPresses, type DigitWay } from './key-presses.ts';

const I: DigitWay = 'info';
const T: DigitWay = 'telephone-event';

test.for([
  ['INFO alone', [['5', I, 0]], '5'],
  [
    'two quick presses by INFO',
    [
      ['5', I, 0],
      ['5', I, 5],
    ],
    '55',
  ],
  [
    'two quick presses by telephone-event',
    [
      ['5', T, 0],
      ['5', T, 60],
    ],
    '55',
  ],
  [
    'one press by both, INFO first',
    [
      ['5', I, 0],
      ['5', T, 100],
    ],
    '5',
  ],
  [
    'one press by both, telephone-event first',
    [
      ['5', T, 0],
      ['5', I, 300],
    ],
    '5',
  ],
  [
    'two presses by both, in turn',
    [
      ['5', I, 0],
      ['5', T, 90],
      ['5', I, 200],
      ['5', T, 290],
    ],
    '55',
  ],
  [
    'two presses by both, INFO ahead',
    [
      ['5', I, 0],
      ['5', I, 80],
      ['5', T, 90],
      ['5', T, 180],
    ],
    '55',
  ],
  [
    'different keys overlapping',
    [
      ['4', I, 0],
      ['0', I, 90],
      ['4', T, 95],
      ['0', T, 190],
    ],
    '40',
  ],
  [
    'another key by the other way is a press',
    [
      ['4', I, 0],
      ['5', T, 10],
    ],
    '45',
  ],
  [
    'the same key by the other way, later',
    [
      ['5', I, 0],
      ['5', T, 501],
    ],
    '55',
  ],
] as const)('%s', ([, reports, counted]) => {
  const presses = new KeyPresses();
  const digits = reports.filter(([digit, way, at]) => presses.counts(digit, way, at));
  expect(digits.map(([digit]) => digit).join('')).toBe(counted);
});
