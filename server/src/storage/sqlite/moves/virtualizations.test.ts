import { extensionId, terminalId } from '@perch/shared';
import { expect, test } from 'vitest';
import { virtualizationStoreContract } from '../../../exchange/support/virtualization-store.contract.ts';
import type { StoredChange } from '../../../exchange/virtualization/event.ts';
import { Audit } from '../../../management/audit.ts';
import { ours, theirs } from '../support/organizations.ts';
import { systemWorld } from '../../../world/world.ts';
import { killableStorage } from '../support/killable-storage.ts';

const storages = killableStorage();

async function make() {
  const storage = await storages.start(['ada', 'ben', 'desk']);
  return {
    storage,
    store: storage.virtualizations(ours),
    reopen: async () => (await storages.startAfterKill()).virtualizations(ours),
  };
}

virtualizationStoreContract('SQLite', make);

const change: StoredChange = {
  ended: [],
  begun: [{ virtual: extensionId('ada'), base: extensionId('desk'), since: 1, by: 'dialled' }],
  buckets: [{ of: 'extension', id: extensionId('ada'), wrong: [1], locks: 0 }],
  record: {
    at: 1,
    action: 'move',
    way: 'dialled',
    who: null,
    terminal: null,
    asked: null,
    extension: extensionId('ada'),
    previousGuest: null,
    result: 'accepted',
    endings: [],
  },
};

test.for([
  ['an extension that is virtual already', { virtual: 'ada', base: 'ben' }],
  ['a terminal that has a guest already', { virtual: 'ben', base: 'desk' }],
  ['an extension on its own terminal', { virtual: 'ben', base: 'ben' }],
  ['an extension of another organization', { virtual: 'stranger', base: 'ben' }],
  ['an extension on a terminal of another organization', { virtual: 'ben', base: 'stranger' }],
  ['an extension that does not exist', { virtual: 'nobody', base: 'ben' }],
] as const)('%s cannot be stored, and nothing of the change is', async ([, { virtual, base }]) => {
  const { store } = await make();
  await store.commit(change);
  const begun = [{ virtual: extensionId(virtual), base: extensionId(base), since: 2, by: 'web' } as const];
  const buckets = [{ of: 'extension', id: extensionId('ben'), wrong: [2], locks: 0 } as const];
  await expect(store.commit({ ...change, begun, buckets })).rejects.toThrow(/constraint/);
  expect(await store.load()).toEqual({ virtualizations: change.begun, buckets: change.buckets });
  expect(await store.records({ id: extensionId('ada'), terminal: terminalId('phone-ada') }, 10)).toEqual([
    change.record,
  ]);
});

test('another organization can neither see nor end it', async () => {
  const { storage, store } = await make();
  await store.commit(change);
  const others = storage.virtualizations(theirs);
  expect(await others.load()).toEqual({ virtualizations: [], buckets: [] });
  expect(await others.records({ id: extensionId('ada'), terminal: terminalId('phone-ada') }, 10)).toEqual([]);
  await others.commit({ ...change, ended: change.begun, begun: [], buckets: [] });
  expect((await store.load()).virtualizations).toEqual(change.begun);
});

const desk = terminalId('phone-desk');
const tried = (rest: Partial<StoredChange['record']>): StoredChange => ({
  ...{ ended: [], begun: [], buckets: [] },
  record: { ...change.record, terminal: desk, asked: '100', ...rest },
});

test('what a phone has tried is in the audit with the change, or neither is', async () => {
  const { storage, store } = await make();
  await store.commit(tried({ result: 'wrong-code', asked: '1002705' }));
  await store.commit({ ...tried({}), begun: change.begun });
  await expect(store.commit({ ...tried({ at: 5 }), begun: change.begun })).rejects.toThrow(/constraint/);
  await store.commit(tried({ extension: null, result: 'no-such-extension', asked: '2705' }));
  await store.commit(tried({ action: 'return', way: 'web' }));
  const audit = new Audit(storage.audit, systemWorld.clock);
  const { entries } = await audit.read(ours, {}, 10);
  expect(
    entries.map(({ position, who, action, about, result }) => [position, who, action, about, result]),
  ).toEqual([
    [4, '102', 'goHome', '100', 'done'],
    [3, '102', 'takeOver', null, 'no-such-extension'],
    [2, '102', 'takeOver', '100', 'done'],
    [1, '102', 'takeOver', '100', 'wrong-code'],
  ]);
  // What was dialled may have had the code behind the number.
  expect(JSON.stringify(entries.map(({ seal: _, ...entry }) => entry))).not.toContain('2705');
  expect(await audit.check(ours)).toMatchObject({ entries: 4, brokenAt: null });
  expect(await audit.check(theirs)).toMatchObject({ entries: 0 });
});

test('what people do on the web is noted by the operation that they ask for, not once more', async () => {
  const { storage, store } = await make();
  await store.commit(tried({ action: 'return', way: 'administrator', who: 'boss@example.org' }));
  await store.commit(tried({ action: 'return', way: 'web', who: 'ada@example.org' }));
  await store.commit(tried({ action: 'suspend' }));
  expect(await storage.audit.head(ours)).toBeUndefined();
});

test('what was refused is on record, and is nothing that somebody has done', async () => {
  const { storage, store } = await make();
  const audit = new Audit(storage.audit, systemWorld.clock);
  const noted = {
    who: 'boss',
    address: null,
    action: 'returnToBase',
    about: 'ada',
    before: null,
    after: null,
  };
  const deed = () => ({ organization: ours, subject: null, noted: () => ({ ...noted, result: 'done' }) });
  const record = { ...change.record, action: 'return', way: 'administrator', who: 'boss' } as const;
  const refused = { ...change, begun: [], record: { ...record, result: 'nothing-to-do' } } as const;
  expect((await audit.together(deed, () => store.commit(refused))).isNoted).toBe(false);
  expect((await audit.read(ours, {}, 10)).entries).toEqual([]);
  const known = { id: extensionId('ada'), terminal: terminalId('none') };
  expect(await storage.virtualizations(ours).records(known, 10)).toMatchObject([{ result: 'nothing-to-do' }]);
  expect((await audit.together(deed, () => store.commit({ ...change, record }))).isNoted).toBe(true);
  expect((await audit.read(ours, {}, 10)).entries).toMatchObject([
    { action: 'returnToBase', result: 'done' },
  ]);
});
