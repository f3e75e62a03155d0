import { expect, test } from 'vitest';
import { at } from '../../../records/support/test-records.ts';
import { names, newAccount } from './account.ts';

const account = newAccount({
  ...{ startedAt: 5_000, dialled: '101', caller: at('102'), callee: at('101', 'now') },
});

test.for([
  ['now', 0, true],
  ['once', 5_000, true],
  ['once', 4_999, false],
] as const)('extension %s, whose number was its own until %i: %o', ([extension, until, named]) => {
  expect(names(account, extension, '101', until)).toBe(named);
});
