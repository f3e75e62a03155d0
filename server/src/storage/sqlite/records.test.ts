import { rmSync } from 'node:fs';
import { afterEach, beforeEach } from 'vitest';
import { recordsContract } from '../../records/support/records.contract.ts';
import { seededChance } from '../../world/seeded-chance.ts';
import { VirtualClock } from '../../world/virtual-clock.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import type { Storage } from '../storage.ts';
import { openStorage } from './open-storage.ts';
import { createOrganizations, ours, theirs } from './support/organizations.ts';

let folder: string;
let storage: Storage;
const clock = new VirtualClock();

beforeEach(() => {
  folder = scratchFolder();
});
afterEach(async () => {
  await storage.close();
  rmSync(folder, { recursive: true });
});

recordsContract('SQLite', async () => {
  storage = await openStorage(folder, { clock, chance: seededChance('records') }, (file, error) => {
    throw new Error(file, { cause: error });
  });
  await createOrganizations(storage, ['ada', 'ben', 'desk']);
  const records = storage.records(ours);
  return {
    records,
    // The first half is archived while the pages are read, the rest is not; the other organization has the same.
    write: async (calls, virtualizations) => {
      const half = Math.floor(calls.length / 2);
      for (const [index, call] of calls.entries()) {
        const written = [ours, theirs].map((organization) => storage.calls(organization).finish(call));
        await clock.advance(20);
        await Promise.all(written);
        if (index === half) await clock.advance(1_000);
      }
      for (const record of virtualizations)
        for (const organization of [theirs, ours])
          await storage.virtualizations(organization).commit({ ended: [], begun: [], buckets: [], record });
    },
  };
});
