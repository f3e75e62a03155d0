import { expect, test } from 'vitest';
import { validateSecretCode, validateVoicemailPin } from './secret-code.ts';

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

test.for([
  ['4071', undefined],
  ['407', 'A PIN has 4 to 8 digits.'],
  ['40a1', 'A PIN has digits only.'],
  ['4711', 'The PIN must not be the extension’s own number.'],
  ['2580', 'Keys in a row, such as 1234 or 2580, are too easy to guess.'],
] as const)('the PIN "%s" of the mailbox of 4711: %s', ([pin, message]) => {
  expect(validateVoicemailPin(pin, '4711')?.message).toBe(message);
});
