import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { extensionId } from '@perch/shared';
import { afterEach, beforeEach } from 'vitest';
import { pushStoreContract } from '../../push/support/push-store.contract.ts';
import { systemWorld } from '../../world/world.ts';
import type { Storage } from '../storage.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { openStorage } from './open-storage.ts';
import { createOrganizations } from './support/organizations.ts';

let folder: string;
const open: Storage[] = [];

beforeEach(() => {
  folder = scratchFolder();
});
afterEach(async () => {
  for (const storage of open.splice(0)) await storage.close();
  rmSync(folder, { recursive: true });
});

async function start(path: string): Promise<Storage> {
  const storage = await openStorage(path, systemWorld, () => undefined);
  open.push(storage);
  return storage;
}

pushStoreContract('SQLite', async () => {
  const running = join(folder, 'running');
  const storage = await start(running);
  await createOrganizations(storage, ['ada']);
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
    reopen: async () => {
      const copy = join(folder, `after-kill-${open.length}`);
      cpSync(running, copy, { recursive: true });
      return (await start(copy)).push;
    },
  };
});
