import { FakeMailboxStore } from './fake-mailbox-store.ts';
import { mailboxStoreContract } from './mailbox-store.contract.ts';

mailboxStoreContract('in memory', async () => {
  const store = new FakeMailboxStore();
  return { store, reopen: async () => store };
});
