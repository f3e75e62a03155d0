import { existsSync } from 'node:fs';
import { chown, mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { syncFolder } from '../recordings/durable-files.ts';
import { RESTORING } from '../storage/data-files.ts';
import { knowsSchema } from '../storage/sqlite/copied-database.ts';
import { unusable } from '../storage/sqlite/data-folder.ts';
import { BackupRefused } from './backup-refused.ts';
import { copyFile, foldersOf } from './copied-file.ts';
import { filesIn, OF_THE_SYSTEM } from './files-in.ts';
import { copyIn } from './followed-copy.ts';
import { FORMAT, MANIFEST, type Manifest, readManifest, type Restored } from './manifest.ts';
import { copyFollowed } from './restore-followed.ts';
import { isServed } from './copied-databases.ts';
import { isOfTheSystem } from './system-error.ts';

/**
 * Makes a data folder of a backup, or of a copy that follows. All of it is there and checked before the first file gets its name, and no Perch starts meanwhile.
 *
 * @throws {BackupRefused} {@link UnusableData} with a sentence; the data folder is then as it was.
 */
export async function restore(from: string, dataFolder: string, signal: AbortSignal): Promise<Restored> {
  const isFollowed = (await copyIn(from)) !== undefined;
  const manifest = isFollowed ? undefined : await manifestOf(from);
  await refuseUnlessEmpty(dataFolder);
  const made = await mkdir(dataFolder, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
    throw unusable(dataFolder, error);
  });
  const part = join(dataFolder, RESTORING);
  /** What is in the data folder because of this. */
  const ours: string[] = [];
  try {
    await mkdir(part, { mode: 0o700 });
    ours.push(part);
    const restored = manifest
      ? await copyAll(manifest, from, part, signal)
      : await copyFollowed(from, part, signal);
    await giveToOwner(part, dataFolder);
    // A Perch that was about to start may have begun a folder of its own.
    await refuseUnlessEmpty(dataFolder, RESTORING);
    for (const name of await readdir(part)) {
      await rename(join(part, name), join(dataFolder, name));
      ours.push(join(dataFolder, name));
    }
    await syncFolder(dataFolder);
    // From now on a Perch may start.
    await rm(part, { recursive: true });
    await syncFolder(dataFolder);
    return restored;
  } catch (error) {
    if (ours.length === 0 && (error as NodeJS.ErrnoException).code === 'EEXIST')
      throw new BackupRefused(`Another backup is being restored into ${dataFolder}.`);
    for (const path of ours) await rm(path, { recursive: true, force: true });
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
  const isKnown = Object.entries(manifest.databases).every(([name, migrations]) =>
    knowsSchema(name, migrations),
  );
  if (manifest.format !== FORMAT || !isKnown)
    throw new BackupRefused(
      `${from} was made by a newer Perch, ${manifest.perch}. Install that one to restore it.`,
    );
  const named = new Set([MANIFEST, ...manifest.files.map(({ path }) => path)]);
  const other = (await filesIn(from)).find((path) => !named.has(path));
  if (other !== undefined)
    throw new BackupRefused(`${join(from, other)} is not part of the backup. Nothing is restored.`);
  return manifest;
}

/** @param besides what may be in it. */
async function refuseUnlessEmpty(dataFolder: string, besides?: string): Promise<void> {
  if (!existsSync(dataFolder)) return;
  if (await isServed(dataFolder))
    throw new BackupRefused(
      `Perch is using ${dataFolder}. A backup is restored into an empty folder, while Perch is stopped.`,
    );
  const names = await readdir(dataFolder).catch((error: unknown) => {
    throw unusable(dataFolder, error);
  });
  if (names.some((name) => name !== OF_THE_SYSTEM && name !== besides))
    throw new BackupRefused(
      `${dataFolder} is not empty. A backup is restored into an empty folder: move what is in it away.`,
    );
}

async function copyAll(
  manifest: Manifest,
  from: string,
  part: string,
  signal: AbortSignal,
): Promise<Restored> {
  const folders = new Set([part]);
  for (const { path, octets, sha256 } of manifest.files) {
    await mkdir(dirname(join(part, path)), { recursive: true, mode: 0o700 });
    for (const folder of foldersOf(path)) folders.add(join(part, folder));
    const copied = await copyFile(join(from, path), join(part, path), signal).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      throw new BackupRefused(`${join(from, path)} is missing. Nothing is restored.`);
    });
    if (copied.octets !== octets || copied.sha256 !== sha256)
      throw new BackupRefused(`${join(from, path)} is not as it was backed up. Nothing is restored.`);
  }
  for (const folder of folders) await syncFolder(folder);
  return manifest;
}

/** Restored by root, the files belong to the user whose folder it is. */
async function giveToOwner(part: string, dataFolder: string): Promise<void> {
  const { uid, gid } = await stat(dataFolder);
  if (process.getuid?.() !== 0 || uid === 0) return;
  for (const entry of await readdir(part, { recursive: true })) await chown(join(part, entry), uid, gid);
}
