import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { unlessAbsent } from '../recordings/durable-files.ts';
import { type DatabaseName, SNAPSHOT } from '../storage/data-files.ts';
import { type DatabasesAtRest, openAtRest } from '../storage/sqlite/at-rest.ts';
import { DamagedData, UnusableData } from '../storage/unusable-data.ts';
import { BackupRefused } from './backup-refused.ts';
import { copyFile } from './copied-file.ts';
import { CopyConnection } from './copy-connection.ts';

/** Databases that can be copied now, in the order of `DATABASES`. */
export interface CopiedDatabases {
  /** Does the server go on while recordings are copied? */
  readonly isServing: boolean;
  /** @returns whether there is one. */
  copy(name: DatabaseName, to: string): Promise<boolean>;
  /** @throws {BackupRefused} where they could not be copied until now. */
  confirm(): Promise<void>;
  release(): Promise<void>;
}

/** Those of the server that uses the data folder, or, where none does, the files themselves. @throws {BackupRefused} */
export async function databasesToCopy(dataFolder: string, signal: AbortSignal): Promise<CopiedDatabases> {
  return (await ofServer(dataFolder, signal)) ?? (await atRest(dataFolder, signal));
}

/** Is there a Perch that serves this data folder? */
export async function isServed(dataFolder: string): Promise<boolean> {
  const connection = await CopyConnection.open(dataFolder);
  await connection?.close();
  return connection !== undefined;
}

async function ofServer(dataFolder: string, signal: AbortSignal): Promise<CopiedDatabases | undefined> {
  const connection = await CopyConnection.open(dataFolder);
  if (!connection) return undefined;
  const stop = () => connection.destroy();
  signal.addEventListener('abort', stop);
  // One that was aborted already tells nobody.
  if (signal.aborted) stop();
  const asked = (request: 'backup' | 'archived' | 'held') =>
    connection.ask(request).catch((error: unknown) => {
      signal.throwIfAborted();
      throw error;
    });
  await asked('backup');
  return {
    isServing: true,
    copy: async (name, to) => {
      // Nothing in it is of use but records, and these are moved to where they stay.
      if (name === 'calls.db') return false;
      if (name === 'records.db') await asked('archived');
      await copyFile(join(dataFolder, name), to, signal);
      // Last: what it has belongs to the file as it was before. There is none before the first change.
      await unlessAbsent(copyFile(join(dataFolder, `${name}-wal`), `${to}-wal`, signal));
      return true;
    },
    confirm: async () => {
      await asked('held');
    },
    release: async () => {
      signal.removeEventListener('abort', stop);
      await connection.close();
    },
  };
}

/** Holds the lock of the data folder until it is released, so that nothing is changed meanwhile. */
async function atRest(dataFolder: string, signal: AbortSignal): Promise<CopiedDatabases> {
  const folder = join(dataFolder, SNAPSHOT);
  const databases = heldAtRest(dataFolder);
  const release = async () => {
    databases.close();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { mode: 0o700 });
    await databases.copyInto(folder);
  } catch (error) {
    await release();
    throw error;
  }
  return {
    isServing: false,
    copy: async (name, to) => {
      const from = join(folder, name);
      if (!existsSync(from)) return false;
      await copyFile(from, to, signal);
      return true;
    },
    confirm: async () => undefined,
    release,
  };
}

function heldAtRest(dataFolder: string): DatabasesAtRest {
  try {
    return openAtRest(dataFolder);
  } catch (error) {
    if (!(error instanceof UnusableData) || error instanceof DamagedData) throw error;
    throw new BackupRefused(
      `Perch serves ${dataFolder}, but cannot be reached there: its log says why. Stop it before the backup.`,
    );
  }
}
