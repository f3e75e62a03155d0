import { FakeOutbox } from './fake-outbox.ts';
import { outboxContract } from './outbox.contract.ts';

outboxContract('in memory', async () => {
  const outbox = new FakeOutbox();
  return { outbox, leave: async (mail, at) => outbox.put(mail, at), reopen: async () => outbox };
});
