import { FakeHelpCallStore } from './fake-help-call-store.ts';
import { helpCallStoreContract } from './help-call-store.contract.ts';

helpCallStoreContract('in memory', async () => {
  const store = new FakeHelpCallStore();
  return { store, reopen: async () => store };
});
