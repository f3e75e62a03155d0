import { extensionId, terminalId } from '@perch/shared';
import { expect, test } from 'vitest';
import type { StayTermStore } from '../stay-term-store.ts';

/** A store with an extension `ada` that has had calls at the terminal `phone-desk`, from 1,000 to 9,000 and from 5,000 to 6,000. */
interface Made {
  readonly store: StayTermStore;
  /** As it comes up after a crash. */
  readonly reopen: () => Promise<StayTermStore>;
}

/** What every store of the terms of stays does. */
export function stayTermStoreContract(name: string, make: () => Promise<Made>): void {
  const ada = extensionId('ada');
  const term = { virtual: ada, since: 1, warnedAt: null, extendedUntil: null };

  test(`${name}: the last term of a guest is kept`, async () => {
    const { store, reopen } = await make();
    expect(await store.load()).toEqual([]);
    await store.keep({ ...term, warnedAt: 5 });
    await store.keep({ ...term, virtual: extensionId('ben'), since: 3 });
    await store.keep({ ...term, since: 2, extendedUntil: 7 });
    const loaded = [...(await (await reopen()).load())].sort((one, other) => one.since - other.since);
    expect(loaded).toEqual([
      { ...term, since: 2, extendedUntil: 7 },
      { ...term, virtual: extensionId('ben'), since: 3 },
    ]);
  });

  test(`${name}: the end of the last call at a terminal, of one extension and since an instant`, async () => {
    const { store } = await make();
    const desk = terminalId('phone-desk');
    expect(await store.lastCallEnd(ada, desk, 0)).toBe(9_000);
    expect(await store.lastCallEnd(ada, desk, 2_000)).toBe(6_000);
    expect(await store.lastCallEnd(ada, desk, 7_000)).toBeUndefined();
    expect(await store.lastCallEnd(extensionId('ben'), desk, 0)).toBeUndefined();
    expect(await store.lastCallEnd(ada, terminalId('phone-ada'), 0)).toBeUndefined();
  });
}
