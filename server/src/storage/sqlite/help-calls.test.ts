import { terminalId } from '@perch/shared';
import { expect, test } from 'vitest';
import { helpCallStoreContract } from '../../exchange/call/admission/support/help-call-store.contract.ts';
import { killableStorage } from './support/killable-storage.ts';
import { ours, theirs } from './support/organizations.ts';

const storages = killableStorage();

helpCallStoreContract('SQLite', async () => {
  const storage = await storages.start([]);
  return {
    store: storage.helpCalls(ours),
    reopen: async () => (await storages.startAfterKill()).helpCalls(ours),
  };
});

test('the same number is another one in another organization, and what is forgotten here stays there', async () => {
  const storage = await storages.start([]);
  const noted = (terminal: string, at: number) => ({
    ...{ number: '201', isOwn: true, at },
    terminal: terminalId(terminal),
  });
  await storage.helpCalls(ours).keep([noted('desk', 1)], 0);
  await storage.helpCalls(theirs).keep([noted('their desk', 1)], 0);
  await storage.helpCalls(ours).keep([noted('other desk', 9)], 9);
  expect(await storage.helpCalls(ours).load()).toEqual([noted('other desk', 9)]);
  expect(await storage.helpCalls(theirs).load()).toEqual([noted('their desk', 1)]);
});
