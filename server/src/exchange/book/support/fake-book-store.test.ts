import { ada } from '../../../management/support/stored.ts';
import { bookStoreContract } from './book-store.contract.ts';
import { FakeBookStore } from './fake-book-store.ts';

bookStoreContract('in memory', async () => {
  const store = new FakeBookStore([ada]);
  return { store, reopen: async () => store };
});
