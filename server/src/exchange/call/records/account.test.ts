import { expect, test } from 'vitest';
import { at } from '../../../records/support/test-records.ts';
import { type CallAccount, names, NEW_ACCOUNT } from './account.ts';

const account: CallAccount = {
  ...NEW_ACCOUNT,
  ...{ startedAt: 5_000, countedAt: 5_000, dialled: '101', caller: at('102'), callee: at('101', 'now') },
};

test.for([
  ['now', 0, true],
  ['once', 5_000, true],
  ['once', 4_999, false],
] as const)('extension %s, whose number was its own until %i: %o', ([extension, until, named]) => {
  expect(names(account, extension, '101', until)).toBe(named);
});
