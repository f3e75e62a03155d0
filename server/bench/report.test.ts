import { expect, test } from 'vitest';
import { type Figures, median, toJson, toTable } from './report.ts';

const NOTHING: Figures = {
  memoryKiBPerPhone: undefined,
  storms: [],
  firstCalls: [],
  registers: { 'cached-nonce': [], challenge: [], flow: [] },
  calls: [],
  setups: [],
  takeovers: undefined,
  deposits: undefined,
  conferences: [],
  pages: [],
};

const loads = (...of: readonly (readonly [perSecond: number, cpuMicroseconds: number])[]) =>
  of.map(([perSecond, cpuMicroseconds]) => ({ perSecond, cpuMicroseconds }));

const perch: Figures = {
  ...NOTHING,
  registers: {
    'cached-nonce': loads([20_000, 40], [10_000, 90], [21_000, 30]),
    challenge: [],
    flow: loads([24_000, 20]),
  },
  storms: [{ phones: 5_000, seconds: 1.5, refused: 3, cpuMicroseconds: 210 }],
};
const floor: Figures = {
  ...NOTHING,
  registers: { ...NOTHING.registers, 'cached-nonce': loads([40_000, 16]) },
};
const kamailio = {
  name: 'Kamailio',
  figures: {
    ...NOTHING,
    registers: { ...NOTHING.registers, 'cached-nonce': loads([10_000, 50]) },
    memoryKiBPerPhone: 72,
  },
};

const cells = (table: string, title: string): readonly string[] =>
  table
    .split('\n')
    .filter((line) => line.startsWith(`  ${title}`))
    .map((line) => line.slice(56).trim().replace(/ +/g, ' '));

test.for([
  [[3, 1, 2], 2],
  [[4, 1, 3, 2], 2.5],
  [[], NaN],
] as const)('the median of %j is %d', ([values, expected]) => {
  expect(median(values)).toBe(expected);
});

test('a row has the medians of the rounds, and a ratio that is above 1 in favour of Perch', () => {
  const table = toTable({ perch, floor, rival: kamailio });
  // The processor's time, where less is better, and the rate, where more is.
  expect(cells(table, 're-REGISTER, cached nonce')).toEqual([
    '40.0 16.0 50.0 1.25',
    '20,000 40,000 10,000 2.00',
  ]);
});

test('a proven flow is compared with the cached nonce of those that do not know it', () => {
  const table = toTable({ perch, floor, rival: kamailio });
  expect(cells(table, 're-REGISTER on a proven flow')).toEqual([
    '20.0 16.0 50.0 2.50',
    '24,000 40,000 10,000 2.40',
  ]);
});

test('without a rival it has no column', () => {
  expect(cells(toTable({ perch, floor }), 're-REGISTER, cached nonce')).toEqual([
    '40.0 16.0',
    '20,000 40,000',
  ]);
});

test('figures of Perch that were not measured have no row, and empty sections are left out', () => {
  const table = toTable({ perch: { ...NOTHING, calls: loads([2_000, 300]) }, floor, rival: kamailio });
  expect(table).not.toContain('REGISTER');
  expect(table).not.toContain('KiB');
  expect(table).not.toContain('the rest');
  expect(cells(table, 'complete call')).toEqual(['300.0', '2,000']);
});

test('the line for scripts has rates, costs and the rest, as far as they were measured', () => {
  expect(JSON.parse(toJson({ perch, floor, rival: kamailio }))).toEqual({
    cpuMicroseconds: {
      register: { perch: 40, floor: 16, kamailio: 50, ratio: 1.25 },
      flow: { perch: 20, floor: 16, kamailio: 50, ratio: 2.5 },
      storm: { perch: 210 },
    },
    register: { perch: 20_000, floor: 40_000, kamailio: 10_000, ratio: 2 },
    flow: { perch: 24_000, floor: 40_000, kamailio: 10_000, ratio: 2.4 },
    storm: { phones: 5_000, seconds: 1.5, refused: 3 },
  });
});
