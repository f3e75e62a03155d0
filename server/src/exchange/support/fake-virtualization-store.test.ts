import { FakeVirtualizationStore } from './fake-virtualization-store.ts';
import { virtualizationStoreContract } from './virtualization-store.contract.ts';

virtualizationStoreContract('in memory', async () => {
  const store = new FakeVirtualizationStore();
  return { store, reopen: async () => store };
});
