import { accessSync, constants, existsSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { syncFolder, unlessAbsent } from '../recordings/durable-files.ts';
import { type DatabaseName, DATABASES, OF_THE_DEMO, RESTORING } from '../storage/data-files.ts';
import { canBeLeftOut } from '../storage/sqlite/at-rest.ts';
import { checkCopy, staysIn } from '../storage/sqlite/copied-database.ts';
import { unusable } from '../storage/sqlite/data-folder.ts';
import { DamagedData } from '../storage/unusable-data.ts';
import type { Clock } from '../world/clock.ts';
import { BackupRefused } from './backup-refused.ts';
import { contentsOf, copyFile, foldersOf } from './copied-file.ts';
import { recordingsIn } from './recordings-in.ts';
import { isOfTheSystem } from './system-error.ts';
import { type BackedUpFile, FORMAT, MANIFEST, type Manifest, manifestText } from './manifest.ts';
import { type CopiedDatabases, databasesToCopy } from './copied-databases.ts';

interface Wanted {
  readonly dataFolder: string;
  /** Where the backup is to be; not there yet. */
  readonly folder: string;
  readonly version: string;
  readonly clock: Pick<Clock, 'now'>;
  readonly signal: AbortSignal;
  /** Called with what is not in the backup although it is in the data folder. */
  readonly leftOut: (sentence: string) => void;
}

/**
 * Makes a backup, whether or not a Perch serves the data folder. It has another name until it is complete and on the disk.
 *
 * The databases come first, then the recordings. A message that comes in between is a file without a row, which the next start puts into its
 * mailbox; one that is deleted in between is a row without a file, which the next start removes. In the other order, one would be lost
 * and the other would be back.
 *
 * @throws {BackupRefused} {@link UnusableData} with a sentence; nothing is left then.
 */
export async function backUp(wanted: Wanted): Promise<Manifest> {
  const { dataFolder, folder, signal } = wanted;
  refuseUnlessPossible(dataFolder, folder);
  const part = `${folder}.part`;
  try {
    await mkdir(part, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw unusable(part, error);
    throw new BackupRefused(
      `${part} is there: another backup is being made, or was cut off. Then remove it.`,
    );
  }
  try {
    const manifest = await copyAll(wanted, part);
    signal.throwIfAborted();
    await rename(part, folder);
    await syncFolder(dirname(folder));
    return manifest;
  } catch (error) {
    await rm(part, { recursive: true, force: true });
    throw isOfTheSystem(error) ? unusable(error.path ?? part, error) : error;
  }
}

function refuseUnlessPossible(dataFolder: string, folder: string): void {
  const main = join(dataFolder, 'perch.db');
  try {
    accessSync(main, constants.R_OK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw unusable(main, error);
    throw new BackupRefused(
      `${dataFolder} is no data folder of Perch. Say in PERCH_DATA which one is to be backed up.`,
    );
  }
  if (existsSync(join(dataFolder, RESTORING)))
    throw new BackupRefused(
      `A backup is being restored into ${dataFolder}, or that was cut off: it is not whole.`,
    );
  if (existsSync(folder))
    throw new BackupRefused(`${folder} is there already. Give the backup a name of its own.`);
  if (!existsSync(dirname(folder))) throw new BackupRefused(`There is no folder ${dirname(folder)}.`);
  if (!relative(dataFolder, folder).startsWith('..'))
    throw new BackupRefused(
      `${folder} is in the data folder. Keep backups elsewhere, best on another machine.`,
    );
}

async function copyAll(wanted: Wanted, into: string): Promise<Manifest> {
  const { dataFolder, version, clock, signal } = wanted;
  const copied = await databasesToCopy(dataFolder, signal);
  try {
    const takenAt = new Date(clock.now()).toISOString();
    const databases = await copyDatabases(copied, into, wanted);
    const others = await copyOthers(copied, dataFolder, into, signal);
    await copied.confirm();
    const manifest: Manifest = {
      ...{ format: FORMAT, perch: version, takenAt },
      stays: staysIn(join(into, 'perch.db')),
      databases: Object.fromEntries(databases.map(({ file, migrations }) => [file.path, migrations])),
      files: [...databases.map(({ file }) => file), ...others],
    };
    await write(join(into, MANIFEST), manifestText(manifest));
    await syncFolder(into);
    return manifest;
  } finally {
    await copied.release();
  }
}

async function copyDatabases(from: CopiedDatabases, into: string, { dataFolder, signal, leftOut }: Wanted) {
  const copied: { file: BackedUpFile; migrations: readonly string[] }[] = [];
  for (const name of DATABASES) {
    const original = join(dataFolder, name);
    const path = join(into, name);
    const migrations = await copyDatabase(name, path, original);
    if (migrations === undefined) {
      if (!from.isServing && existsSync(original))
        leftOut(`${original} is damaged and not in the backup. The next start of Perch sets it aside.`);
      continue;
    }
    copied.push({ file: { path: name, ...(await contentsOf(path, signal)) }, migrations });
  }
  return copied;

  /** The migrations that it has had; `undefined` where there is none, or one that a backup can do without. */
  async function copyDatabase(name: DatabaseName, to: string, original: string) {
    if (!(await from.copy(name, to))) return undefined;
    try {
      // Which makes it one file, and so other than what was copied.
      return checkCopy(to, original);
    } catch (error) {
      if (!(error instanceof DamagedData && canBeLeftOut(name))) throw error;
      await rm(to);
      return undefined;
    }
  }
}

async function copyOthers(
  databases: CopiedDatabases,
  dataFolder: string,
  into: string,
  signal: AbortSignal,
): Promise<readonly BackedUpFile[]> {
  const ofTheDemo = (await readdir(dataFolder)).filter((name) => OF_THE_DEMO.test(name));
  const recordings = await recordingsIn(dataFolder, databases.isServing);
  const copied: BackedUpFile[] = [];
  const folders = new Set<string>();
  for (const path of [...ofTheDemo, ...recordings]) {
    await mkdir(join(into, dirname(path)), { recursive: true, mode: 0o700 });
    for (const folder of foldersOf(path)) folders.add(join(into, folder));
    // It may have been deleted since.
    const file = await unlessAbsent(copyFile(join(dataFolder, path), join(into, path), signal));
    if (file) copied.push({ path, ...file });
  }
  for (const folder of folders) await syncFolder(folder);
  return copied;
}

async function write(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}
