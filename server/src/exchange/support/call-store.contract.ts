import { callId, type CallRecord, extensionId, terminalId } from '@perch/shared';
import { expect, test } from 'vitest';
import type { CallStore, OwedBye, StoredCall } from '../ports.ts';

interface Subject {
  readonly store: CallStore;
  /** Opens it again as after a crash, with the ids of the calls that have a record. */
  reopen(): Promise<{ readonly store: CallStore; readonly recorded: readonly string[] }>;
}

/**
 * What every `CallStore` must do. `make` gives an empty one; `call` and `record` make a call and its record by their id, a call
 * with the instant of its answer.
 */
export function callStoreContract(
  name: string,
  { call, record }: { call(id: string, answeredAt?: number): StoredCall; record(id: string): CallRecord },
  make: () => Promise<Subject>,
): void {
  test(`${name}: nothing is there at first`, async () => {
    const { store, reopen } = await make();
    expect(await store.load()).toEqual([]);
    expect((await reopen()).recorded).toEqual([]);
  });

  test(`${name}: a call is there after a crash, exactly as it was, once its promise has resolved`, async () => {
    const { store, reopen } = await make();
    const { caller } = call('two');
    if ('service' in caller) throw new Error('that caller is the server');
    const withheld: StoredCall = { ...call('two'), caller: { ...caller, withheld: true } };
    const slot = { service: 'slot', slot: '7', by: caller } as const;
    const parked: StoredCall = { ...call('four'), callee: slot };
    const conferring: StoredCall = { ...call('five'), callee: { service: 'conference', room: 'one' } };
    const mailbox = { service: 'mailbox', extension: extensionId('e'), reason: 'busy' } as const;
    const sentOn: StoredCall = { ...call('six'), callee: { ...mailbox, number: '103', name: 'Chloe' } };
    const help: StoredCall = { ...call('three'), emergencyOn: terminalId('phone-desk') };
    const back: StoredCall = { ...call('seven'), callsBack: terminalId('phone-desk') };
    const all = [call('one'), withheld, help, back, parked, conferring, sentOn];
    for (const one of all) await store.save(one);
    const found = await (await reopen()).store.load();
    expect(found).toHaveLength(all.length);
    expect(found).toEqual(expect.arrayContaining(all));
  });

  test(`${name}: a call saved again is the later one`, async () => {
    const { store, reopen } = await make();
    await store.save(call('one', 2));
    await store.save(call('one', 3));
    expect(await (await reopen()).store.load()).toEqual([call('one', 3)]);
  });

  test(`${name}: a call that is forgotten is gone, without a record until it has ended`, async () => {
    const { store, reopen } = await make();
    for (const id of ['one', 'two']) await store.save(call(id));
    await store.forget(callId('one'));
    await store.forget(callId('never saved'));
    const after = await reopen();
    expect((await after.store.load()).map(({ id }) => id)).toEqual([callId('two')]);
    expect(after.recorded).toEqual([]);
    await store.finish(record('one'));
    expect((await reopen()).recorded).toEqual(['one']);
  });

  test(`${name}: a call saved and forgotten in one turn is gone, and one saved after that is there`, async () => {
    const { store, reopen } = await make();
    await Promise.all([store.save(call('one')), store.forget(callId('one')), store.save(call('two'))]);
    expect(await (await reopen()).store.load()).toEqual([call('two')]);
  });

  test(`${name}: a finished call is gone, and its record is there`, async () => {
    const { store, reopen } = await make();
    for (const id of ['one', 'two']) await store.save(call(id));
    await store.finish(record('one'));
    const after = await reopen();
    expect((await after.store.load()).map(({ id }) => id)).toEqual([callId('two')]);
    expect(after.recorded).toEqual(['one']);
  });

  test(`${name}: a call saved and finished in one turn leaves its record only`, async () => {
    const { store, reopen } = await make();
    await Promise.all([store.save(call('one')), store.finish(record('one'))]);
    const after = await reopen();
    expect(await after.store.load()).toEqual([]);
    expect(after.recorded).toEqual(['one']);
  });

  test(`${name}: a call that was refused leaves a record though it was never saved`, async () => {
    const { store, reopen } = await make();
    await store.finish({ ...record('one'), answeredAt: null, result: 'busy' });
    const after = await reopen();
    expect(await after.store.load()).toEqual([]);
    expect(after.recorded).toEqual(['one']);
  });

  test(`${name}: records come in the order in which the calls ended`, async () => {
    const { store, reopen } = await make();
    for (const id of ['one', 'two', 'three']) await store.save(call(id));
    for (const id of ['three', 'one', 'two']) await store.finish(record(id));
    expect((await reopen()).recorded).toEqual(['three', 'one', 'two']);
  });

  test(`${name}: a BYE that is owed is there after a crash, exactly as it was, until it is no longer owed`, async () => {
    const { store, reopen } = await make();
    const [one, two] = [owedBye('one'), owedBye('two')];
    for (const bye of [one, one, two]) await store.owe(bye);
    const later = (await reopen()).store;
    expect(await later.loadOwed()).toEqual([one, two]);
    for (const tag of ['one', 'never owed']) await later.pay(tag);
    expect(await later.loadOwed()).toEqual([two]);
  });
}

const owedBye = (tag: string): OwedBye => ({
  tag,
  terminal: terminalId('phone-102'),
  binding: '"<urn:uuid:1>" 1',
  bye: {
    method: 'BYE',
    uri: 'sip:abc@phone.invalid;transport=ws',
    fields: [
      ['From', `<sip:101@example.org>;tag=${tag}`],
      ['CSeq', '2 BYE'],
    ],
  },
});
