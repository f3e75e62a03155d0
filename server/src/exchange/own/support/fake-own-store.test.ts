import { FakeOwnStore } from './fake-own-store.ts';
import { ownStoreContract } from './own-store.contract.ts';

ownStoreContract('in memory', async () => {
  const store = new FakeOwnStore();
  return { store, reopen: async () => store };
});
