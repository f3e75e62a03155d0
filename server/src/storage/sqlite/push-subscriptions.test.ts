import { extensionId } from '@perch/shared';
import { pushStoreContract } from '../../push/support/push-store.contract.ts';
import { killableStorage } from './support/killable-storage.ts';

const storages = killableStorage();

pushStoreContract('SQLite', async () => {
  const storage = await storages.start(['ada']);
  const extension = extensionId('ada');
  const link = { hash: Buffer.from('link'), extension, usesLeft: 2, expiresAt: 1, madeAt: 0, madeBy: null };
  await storage.terminals.insertEnrolment(link);
  const browsers = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)] as const;
  for (const hash of browsers)
    await storage.terminals.redeem(link.hash, {
      ...{ hash, extension, madeAt: 0, madeBy: null, browser: null, address: null, heardAt: null },
    });
  return {
    store: storage.push,
    browsers,
    revoke: (browser) => storage.terminals.deleteToken(browser),
    reopen: async () => (await storages.startAfterKill()).push,
  };
});
