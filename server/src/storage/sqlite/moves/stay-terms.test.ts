import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { stayTermStoreContract } from '../../../exchange/limits/support/stay-term-store.contract.ts';
import { aCall, at, madePart } from '../../../records/support/test-records.ts';
import { seededChance } from '../../../world/seeded-chance.ts';
import { VirtualClock } from '../../../world/virtual-clock.ts';
import type { Storage } from '../../storage.ts';
import { scratchFolder } from '../../support/scratch-folder.ts';
import { openStorage } from '../open-storage.ts';
import { createOrganizations, ours } from '../support/organizations.ts';

let folder: string;
const open: Storage[] = [];

beforeEach(() => {
  folder = scratchFolder();
});
afterEach(async () => {
  for (const storage of open.splice(0)) await storage.close();
  rmSync(folder, { recursive: true });
});

stayTermStoreContract('SQLite', async () => {
  const clock = new VirtualClock();
  const start = async (path: string) => {
    const world = { clock, chance: seededChance('terms') };
    const storage = await openStorage(path, world, (file, error) => {
      throw new Error(file, { cause: error });
    });
    open.push(storage);
    return storage;
  };
  const running = join(folder, 'running');
  const storage = await start(running);
  await createOrganizations(storage, ['ada', 'ben', 'desk']);
  for (const [startedAt, endedAt] of [
    [1_000, 9_000],
    [5_000, 6_000],
  ] as const) {
    const ada = { ...at('101', 'ada'), terminal: 'phone-desk' };
    const part = { ...madePart('101'), extension: 'ada', terminal: 'phone-desk' };
    const call = aCall(`call at ${startedAt}`, {
      ...{ startedAt, endedAt, caller: ada, attempts: [], parts: [part] },
      legs: [],
    });
    const written = storage.calls(ours).finish(call);
    await clock.advance(20);
    await written;
  }
  return {
    store: storage.stayTerms(ours),
    reopen: async () => {
      const copy = join(folder, 'after-kill');
      cpSync(running, copy, { recursive: true });
      return (await start(copy)).stayTerms(ours);
    },
  };
});
