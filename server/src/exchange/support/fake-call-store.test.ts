import { callRecord, storedCall } from '../../storage/sqlite/calls/support/calls.ts';
import { callStoreContract } from './call-store.contract.ts';
import { FakeCallStore } from './fake-call-store.ts';

callStoreContract('in memory', { call: storedCall, record: callRecord }, async () => {
  const store = new FakeCallStore();
  return { store, reopen: async () => ({ store, recorded: store.records.map(({ id }) => id) }) };
});
