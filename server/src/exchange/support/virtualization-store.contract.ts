import { extensionId, terminalId } from '@perch/shared';
import { expect, test } from 'vitest';
import type { StoredChange } from '../virtualization/event.ts';
import type { VirtualizationRecord } from '../virtualization/record.ts';
import type { VirtualizationStore } from '../virtualization-store.ts';

const [ada, ben, desk] = ['ada', 'ben', 'desk'].map(extensionId) as [
  ReturnType<typeof extensionId>,
  ReturnType<typeof extensionId>,
  ReturnType<typeof extensionId>,
];
const terminal = terminalId('phone-desk');
/** An extension other than `desk`, with a terminal that no record is about. */
const person = (id: typeof ada) => ({ id, terminal: terminalId(`phone-${id}`) });

const adaOnDesk = { virtual: ada, base: desk, since: 1_000, by: 'dialled' } as const;
const benOnDesk = { virtual: ben, base: desk, since: 2_000, by: 'dialled' } as const;

const moved: VirtualizationRecord = {
  at: 1_000,
  action: 'move',
  way: 'dialled',
  who: null,
  terminal,
  asked: '101',
  extension: ada,
  previousGuest: null,
  result: 'accepted',
  endings: [],
};
const replaced: VirtualizationRecord = {
  ...moved,
  at: 2_000,
  asked: '102',
  extension: ben,
  previousGuest: ada,
  endings: [{ virtualization: adaOnDesk, endedBy: 'replaced' }],
};
const refused: VirtualizationRecord = {
  ...moved,
  at: 3_000,
  asked: '999',
  extension: null,
  previousGuest: ben,
  result: 'no-such-extension',
};
const suspended: VirtualizationRecord = {
  ...moved,
  at: 4_000,
  action: 'suspend',
  way: 'administrator',
  who: 'boss@example.org',
  terminal: null,
  asked: null,
  extension: ben,
};

const change = (record: VirtualizationRecord, rest: Partial<StoredChange> = {}): StoredChange => ({
  ended: [],
  begun: [],
  buckets: [],
  ...rest,
  record,
});

/**
 * What every `VirtualizationStore` must do. `make` gives an empty one, in an organization with the extensions `ada`,
 * `ben` and `desk`, and a way to open it again as after a crash.
 */
export function virtualizationStoreContract(
  name: string,
  make: () => Promise<{ readonly store: VirtualizationStore; reopen(): Promise<VirtualizationStore> }>,
): void {
  test(`${name}: nothing is there at first`, async () => {
    const { store } = await make();
    expect(await store.load()).toEqual({ virtualizations: [], buckets: [] });
    expect(await store.records(person(ada), 10)).toEqual([]);
  });

  test(`${name}: what was committed is there after a crash`, async () => {
    const { store, reopen } = await make();
    await store.commit(change(moved, { begun: [adaOnDesk] }));
    const buckets = [
      { of: 'extension', id: ben, wrong: [3_000, 4_000], locks: 0 },
      { of: 'terminal', id: terminal, wrong: [3_000], locks: 0 },
    ] as const;
    await store.commit(change(refused, { buckets }));
    const loaded = await (await reopen()).load();
    expect(loaded.virtualizations).toEqual([adaOnDesk]);
    expect(loaded.buckets).toHaveLength(2);
    expect(loaded.buckets).toEqual(expect.arrayContaining([...buckets]));
  });

  test(`${name}: a guest replaced by another is one change`, async () => {
    const { store, reopen } = await make();
    await store.commit(change(moved, { begun: [adaOnDesk] }));
    await store.commit(change(replaced, { ended: [adaOnDesk], begun: [benOnDesk] }));
    expect((await (await reopen()).load()).virtualizations).toEqual([benOnDesk]);
  });

  test(`${name}: two that swap desks are one change`, async () => {
    const { store, reopen } = await make();
    const adaOnBen = { ...adaOnDesk, base: ben };
    const benOnAda = { ...benOnDesk, base: ada };
    await store.commit(change(moved, { begun: [adaOnBen, benOnAda] }));
    const swapped = [
      { ...adaOnBen, base: desk, since: 5_000 },
      { ...benOnAda, base: ada, since: 5_000 },
    ];
    await store.commit(change(replaced, { ended: [adaOnBen, benOnAda], begun: swapped }));
    const { virtualizations } = await (await reopen()).load();
    expect(virtualizations).toHaveLength(2);
    expect(virtualizations).toEqual(expect.arrayContaining(swapped));
  });

  test(`${name}: a bucket replaces the previous one, and an empty one is deleted`, async () => {
    const { store, reopen } = await make();
    const bucket = { of: 'extension', id: ada, wrong: [1], locks: 0 } as const;
    await store.commit(change(refused, { buckets: [bucket] }));
    await store.commit(change(refused, { buckets: [{ ...bucket, wrong: [1, 2], locks: 3 }] }));
    expect((await store.load()).buckets).toEqual([{ ...bucket, wrong: [1, 2], locks: 3 }]);
    await store.commit(change(refused, { buckets: [{ ...bucket, wrong: [], locks: 0 }] }));
    expect((await (await reopen()).load()).buckets).toEqual([]);
  });

  test(`${name}: records come back whole, newest first, for the extension and for the terminal`, async () => {
    const { store, reopen } = await make();
    for (const record of [moved, replaced, refused, suspended]) await store.commit(change(record));
    const again = await reopen();
    expect(await again.records({ id: desk, terminal }, 10)).toEqual([refused, replaced, moved]);
    expect(await again.records(person(ada), 10)).toEqual([moved]);
    expect(await again.records(person(ben), 10)).toEqual([suspended, replaced]);
    expect(await again.records(person(ben), 1)).toEqual([suspended]);
  });
}
