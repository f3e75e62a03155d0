import { existsSync } from 'node:fs';
import { chown, mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { syncFolder } from '../recordings/durable-files.ts';
import { type DatabaseName, RESTORING } from '../storage/data-files.ts';
import { knowsSchema } from '../storage/sqlite/copied-database.ts';
import { unusable } from '../storage/sqlite/data-folder.ts';
import { BackupRefused } from './backup-refused.ts';
import { copyFile } from './copied-file.ts';
import { filesIn } from './files-in.ts';
import { MANIFEST, type Manifest, readManifest } from './manifest.ts';
import { isServed } from './snapshot.ts';
import { isOfTheSystem } from './system-error.ts';

/** What a new file system has. */
const OF_THE_SYSTEM = 'lost+found';

/**
 * Makes a data folder of a backup. All of it is there and checked before the first file gets its name, and no Perch starts meanwhile.
 *
 * @throws {BackupRefused} {@link UnusableData} with a sentence; the data folder is then as it was.
 */
export async function restore(from: string, dataFolder: string, signal: AbortSignal): Promise<Manifest> {
  const manifest = await manifestOf(from);
  await refuseUnlessEmpty(dataFolder);
  const made = await mkdir(dataFolder, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
    throw unusable(dataFolder, error);
  });
  const part = join(dataFolder, RESTORING);
  try {
    await mkdir(part, { mode: 0o700 });
    await copyAll(manifest, from, part, signal);
    await giveToOwner(part, dataFolder);
    await nameAll(part, dataFolder);
    return manifest;
  } catch (error) {
    for (const name of [RESTORING, ...topOf(manifest)])
      await rm(join(dataFolder, name), { recursive: true, force: true });
    if (made !== undefined) await rm(made, { recursive: true });
    throw isOfTheSystem(error) ? unusable(error.path ?? dataFolder, error) : error;
  }
}

async function manifestOf(from: string): Promise<Manifest> {
  const text = await readFile(join(from, MANIFEST), 'utf8').catch((error: unknown) => {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw unusable(join(from, MANIFEST), error);
    throw new BackupRefused(`${from} is no backup of Perch, or not a whole one: it has no ${MANIFEST}.`);
  });
  const manifest = readManifest(text);
  if (!manifest)
    throw new BackupRefused(`${join(from, MANIFEST)} is not as it was written. Nothing is restored.`);
  for (const [name, migrations] of Object.entries(manifest.databases))
    if (!knowsSchema(name as DatabaseName, migrations))
      throw new BackupRefused(
        `${from} was made by a newer Perch, ${manifest.perch}. Install that one to restore it.`,
      );
  const named = new Set([MANIFEST, ...manifest.files.map(({ path }) => path)]);
  const other = (await filesIn(from)).find((path) => !named.has(path));
  if (other !== undefined)
    throw new BackupRefused(`${join(from, other)} is not part of the backup. Nothing is restored.`);
  return manifest;
}

async function refuseUnlessEmpty(dataFolder: string): Promise<void> {
  if (!existsSync(dataFolder)) return;
  if (await isServed(dataFolder))
    throw new BackupRefused(
      `Perch is using ${dataFolder}. A backup is restored into an empty folder, while Perch is stopped.`,
    );
  const names = await readdir(dataFolder).catch((error: unknown) => {
    throw unusable(dataFolder, error);
  });
  if (names.some((name) => name !== OF_THE_SYSTEM))
    throw new BackupRefused(
      `${dataFolder} is not empty. A backup is restored into an empty folder: move what is in it away.`,
    );
}

async function copyAll(manifest: Manifest, from: string, part: string, signal: AbortSignal): Promise<void> {
  const folders = new Set([part]);
  for (const { path, octets, sha256 } of manifest.files) {
    const folder = dirname(join(part, path));
    await mkdir(folder, { recursive: true, mode: 0o700 });
    folders.add(folder);
    const copied = await copyFile(join(from, path), join(part, path), signal).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      throw new BackupRefused(`${join(from, path)} is missing. Nothing is restored.`);
    });
    if (copied.octets !== octets || copied.sha256 !== sha256)
      throw new BackupRefused(`${join(from, path)} is not as it was backed up. Nothing is restored.`);
  }
  for (const folder of folders) await syncFolder(folder);
}

/** Restored by root, the files belong to the user whose folder it is. */
async function giveToOwner(part: string, dataFolder: string): Promise<void> {
  const { uid, gid } = await stat(dataFolder);
  if (process.getuid?.() !== 0 || uid === 0) return;
  for (const entry of await readdir(part, { recursive: true })) await chown(join(part, entry), uid, gid);
}

async function nameAll(part: string, dataFolder: string): Promise<void> {
  for (const name of await readdir(part)) await rename(join(part, name), join(dataFolder, name));
  await syncFolder(dataFolder);
  // From now on a Perch may start.
  await rm(part, { recursive: true });
  await syncFolder(dataFolder);
}

const topOf = ({ files }: Manifest): ReadonlySet<string> =>
  new Set(files.map(({ path }) => path.split('/')[0] ?? path));
