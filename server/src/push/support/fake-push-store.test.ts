import { FakePushStore } from './fake-push-store.ts';
import { pushStoreContract } from './push-store.contract.ts';

pushStoreContract('in memory', async () => {
  const store = new FakePushStore();
  return {
    store,
    browsers: [Buffer.alloc(32, 1), Buffer.alloc(32, 2)],
    revoke: async (browser) => {
      store.revoke(browser);
    },
    reopen: async () => store,
  };
});
