import { terminalId } from '@perch/shared';
import { expect, test } from 'vitest';
import type { HelpCallStore, StoredHelpCall } from '../help-call-store.ts';

interface Made {
  readonly store: HelpCallStore;
  /** As it comes up after a crash. */
  readonly reopen: () => Promise<HelpCallStore>;
}

const noted = (number: string, terminal: string, at: number, isOwn = true): StoredHelpCall => ({
  ...{ number, isOwn, at },
  terminal: terminalId(terminal),
});
const sorted = (calls: readonly StoredHelpCall[]): readonly StoredHelpCall[] =>
  calls.toSorted(
    (one, other) => one.number.localeCompare(other.number) || Number(one.isOwn) - Number(other.isOwn),
  );

/** What every store of the terminals from which help was called does. */
export function helpCallStoreContract(name: string, make: () => Promise<Made>): void {
  test(`${name}: the last call with each number is there after a crash, as its own or as one that was set`, async () => {
    const { store, reopen } = await make();
    expect(await store.load()).toEqual([]);
    await store.keep([noted('201', 'desk', 1), noted('555', 'desk', 1, false)], 0);
    await store.keep([noted('202', 'other desk', 2), noted('555', 'other desk', 2, false)], 0);
    await store.keep([noted('555', 'desk', 3)], 0);
    expect(sorted(await (await reopen()).load())).toEqual([
      noted('201', 'desk', 1),
      noted('202', 'other desk', 2),
      noted('555', 'other desk', 2, false),
      noted('555', 'desk', 3),
    ]);
  });

  test(`${name}: what is older than it may be is forgotten with the next call`, async () => {
    const { store } = await make();
    await store.keep([noted('201', 'desk', 1), noted('202', 'desk', 5)], 0);
    await store.keep([noted('203', 'desk', 9)], 5);
    expect(sorted(await store.load())).toEqual([noted('202', 'desk', 5), noted('203', 'desk', 9)]);
  });
}
