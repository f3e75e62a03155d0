import { expect, test } from 'vitest';
import { validateSecretCode } from './secret-code.ts';

test.for([
  ['4071', undefined],
  ['40717', undefined],
  ['10148274', undefined],
  ['1235', undefined],
  ['2589', undefined],
  ['1212', undefined],
  ['', 'length'],
  ['407', 'length'],
  ['407140714', 'length'],
  ['40a1', 'not-digits'],
  ['407#', 'not-digits'],
  ['٤٠٧١', 'not-digits'],
  ['4711', 'own-number'],
  ['0000', 'one-digit-repeated'],
  ['99999999', 'one-digit-repeated'],
  ['1234', 'straight-run'],
  ['4321', 'straight-run'],
  ['7890', 'straight-run'],
  ['0987', 'straight-run'],
  ['0123', 'straight-run'],
  ['23456789', 'straight-run'],
  ['2580', 'straight-run'],
  ['0852', 'straight-run'],
] as const)('the code "%s" of extension 4711: %s', ([code, kind]) => {
  expect(validateSecretCode(code, '4711')?.kind).toBe(kind);
});
