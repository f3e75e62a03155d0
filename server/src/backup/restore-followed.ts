import { mkdir, readFile, readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { syncFolder, unlessAbsent } from '../recordings/durable-files.ts';
import { checkCopy, knowsSchema, staysIn } from '../storage/sqlite/copied-database.ts';
import { BackupRefused } from './backup-refused.ts';
import { contentsOf, copyFile, foldersOf } from './copied-file.ts';
import { AS_OF, COPY_FORMAT, copyIn } from './followed-copy.ts';
import { recordingsIn } from './recordings-in.ts';
import type { BackedUpFile, Restored } from './manifest.ts';

/** How often a copy that is changing is looked at again. */
const TRIES = 20;

/** What a copy that follows has, whether or not it does so meanwhile. @throws {BackupRefused} {@link DamagedData} */
export async function copyFollowed(from: string, part: string, signal: AbortSignal): Promise<Restored> {
  for (let tries = 1; ; tries++) {
    const restored = await unlessAbsent(tryToCopy(from, part, signal));
    if (restored) return restored;
    if (tries === TRIES)
      throw new BackupRefused(`${from} changes too fast. Stop what keeps it, and try again.`);
    for (const name of await readdir(part)) await rm(join(part, name), { recursive: true });
  }
}

/** `undefined`, or rejects with ENOENT, where the copy has changed meanwhile otherwise than by growth. */
async function tryToCopy(from: string, part: string, signal: AbortSignal): Promise<Restored | undefined> {
  const copy = await copyIn(from);
  if (!copy) return undefined;
  if (copy.format !== COPY_FORMAT) throw newer(from, copy.perch);
  const takenAt = (await unlessAbsent(readFile(join(from, AS_OF), 'utf8')))?.trim() ?? '';
  const databases = join(from, copy.databases);
  const files: BackedUpFile[] = [];
  const names = (await readdir(databases)).filter((name) => !/-(?:wal|shm)$/.test(name));
  for (const name of names) {
    const [path, to] = [join(databases, name), join(part, name)];
    if (!(await copyUnchanged(path, to, signal))) return undefined;
    if (name.endsWith('.db') && !knowsSchema(name, checkCopy(to, path))) throw newer(from, copy.perch);
    files.push({ path: name, ...(await contentsOf(to, signal)) });
  }
  // Last: no message that the databases have has lost its recording before.
  const folders = new Set([part]);
  for (const path of await recordingsIn(from, false)) {
    await mkdir(dirname(join(part, path)), { recursive: true, mode: 0o700 });
    for (const folder of foldersOf(path)) folders.add(join(part, folder));
    const file = await unlessAbsent(copyFile(join(from, path), join(part, path), signal));
    if (file) files.push({ path, ...file });
  }
  for (const folder of folders) await syncFolder(folder);
  return { perch: copy.perch, takenAt, stays: staysIn(join(part, 'perch.db')), files };
}

/** A file and its log. @returns whether the file has stayed as it was, and the log has only grown. */
async function copyUnchanged(path: string, to: string, signal: AbortSignal): Promise<boolean> {
  const look = () =>
    Promise.all([stat(path, { bigint: true }), unlessAbsent(stat(`${path}-wal`, { bigint: true }))]);
  const [file, log] = await look();
  await copyFile(path, to, signal);
  if (log) await copyFile(`${path}-wal`, `${to}-wal`, signal);
  const [fileAfter, logAfter] = await look();
  const hasGrown = !log || (log.ino === logAfter?.ino && log.size <= logAfter.size);
  return file.mtimeNs === fileAfter.mtimeNs && hasGrown;
}

const newer = (from: string, version: string): BackupRefused =>
  new BackupRefused(`${from} was made by a newer Perch, ${version}. Install that one to restore it.`);
