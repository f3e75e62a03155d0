import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { terminalId } from '@perch/shared';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { helpCallStoreContract } from '../../exchange/call/admission/support/help-call-store.contract.ts';
import { seededChance } from '../../world/seeded-chance.ts';
import { VirtualClock } from '../../world/virtual-clock.ts';
import type { Storage } from '../storage.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { openStorage } from './open-storage.ts';
import { createOrganizations, ours, theirs } from './support/organizations.ts';

let folder: string;
const open: Storage[] = [];

beforeEach(() => {
  folder = scratchFolder();
});
afterEach(async () => {
  for (const storage of open.splice(0)) await storage.close();
  rmSync(folder, { recursive: true });
});

async function start(path: string) {
  const world = { clock: new VirtualClock(), chance: seededChance('help') };
  const storage = await openStorage(path, world, (file, error) => {
    throw new Error(file, { cause: error });
  });
  open.push(storage);
  return storage;
}

async function running() {
  const storage = await start(join(folder, 'running'));
  await createOrganizations(storage, []);
  return storage;
}

helpCallStoreContract('SQLite', async () => {
  const storage = await running();
  return {
    store: storage.helpCalls(ours),
    reopen: async () => {
      const copy = join(folder, 'after-kill');
      cpSync(join(folder, 'running'), copy, { recursive: true });
      return (await start(copy)).helpCalls(ours);
    },
  };
});

test('the same number is another one in another organization, and what is forgotten here stays there', async () => {
  const storage = await running();
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
