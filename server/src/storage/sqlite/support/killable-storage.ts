import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { systemWorld, type World } from '../../../world/world.ts';
import type { Storage } from '../../storage.ts';
import { scratchFolder } from '../../support/scratch-folder.ts';
import { openStorage } from '../open-storage.ts';
import { makeDataFolder } from './made-folder.ts';
import { createOrganizations } from './organizations.ts';

/** For tests: a storage on the disk for each of them, which is gone afterwards. */
export interface KillableStorage {
  /** Opens one that knows both organizations, ours with these extensions. */
  start(extensions: readonly string[], world?: World): Promise<Storage>;
  /** What the next process finds if that of `start` is killed now: the other one stays open. */
  startAfterKill(): Promise<Storage>;
}

/** To be called once, at the top of a file. */
export function killableStorage(): KillableStorage {
  let folder: string;
  let world = systemWorld;
  const opened: Storage[] = [];
  beforeEach(() => {
    folder = scratchFolder();
  });
  afterEach(async () => {
    for (const storage of opened.splice(0)) await storage.close();
    rmSync(folder, { recursive: true });
  });
  const running = (): string => join(folder, 'running');
  const open = async (path: string): Promise<Storage> => {
    const storage = await openStorage(path, world, (file, error) => {
      throw new Error(file, { cause: error });
    });
    opened.push(storage);
    return storage;
  };
  return {
    start: async (extensions, itsWorld = systemWorld) => {
      world = itsWorld;
      await makeDataFolder(running());
      const storage = await open(running());
      await createOrganizations(storage, extensions);
      return storage;
    },
    startAfterKill: () => {
      const copy = join(folder, `after-kill-${String(opened.length)}`);
      cpSync(running(), copy, { recursive: true });
      return open(copy);
    },
  };
}
