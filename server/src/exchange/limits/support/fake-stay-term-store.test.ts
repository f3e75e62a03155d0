import { extensionId, terminalId } from '@perch/shared';
import { FakeStayTermStore } from './fake-stay-term-store.ts';
import { stayTermStoreContract } from './stay-term-store.contract.ts';

stayTermStoreContract('in memory', async () => {
  const store = new FakeStayTermStore();
  const desk = terminalId('phone-desk');
  store.called(extensionId('ada'), desk, 1_000, 9_000);
  store.called(extensionId('ada'), desk, 5_000, 6_000);
  return { store, reopen: async () => store };
});
