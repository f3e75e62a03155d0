import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { access, open, rm, stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { Chance } from '../../world/chance.ts';
import type { World } from '../../world/world.ts';
import { DATABASES, RECORDINGS, RESTORING } from '../data-files.ts';
import { UnusableData } from '../unusable-data.ts';

const COMPANIONS = ['', '-wal', '-shm', '-journal'] as const;
/** Our files, with any suffix that SQLite adds, or that a damaged file gets when it is set aside. */
const OURS = /^(?:(?:perch|calls|records)\.db|demo-(?:seed|lan-))/;

/** Permission bits of everyone but the owner. */
const OTHERS = 0o077;
/** More than new databases need (octets). */
const PROBE = Buffer.alloc(512 * 1024);
/** How long an answer is reused (milliseconds), so that frequent requests do not keep the disk busy. */
const GOOD_FOR_MS = 1_000;

/**
 * Makes the data folder where it is missing, checks that it can be used by using it, and closes our files in it to others.
 * Nothing is left behind where this throws.
 * @returns a sentence where others can open the folder itself.
 * @throws {UnusableData} with folder, file and user in the sentence.
 */
export function prepareDataFolder(folder: string, chance: Chance): string | undefined {
  let made: string | undefined;
  try {
    made = mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new UnusableData(`The data folder ${folder} cannot be made by ${userName()}: ${reasonOf(error)}.`);
  }
  if (existsSync(join(folder, RESTORING)))
    throw new UnusableData(
      `A backup is being restored into the data folder ${folder}, or that was cut off: if so, empty the folder and restore it again.`,
    );
  try {
    for (const name of [...DATABASES.flatMap(withCompanions), 'demo-seed'])
      inspect(folder, name, () => tryFile(join(folder, name)));
    inspect(folder, '', () => tryFolder(folder, chance));
    inspect(folder, RECORDINGS, () => tryRecordings(join(folder, RECORDINGS), chance));
  } catch (error) {
    if (made !== undefined) rmSync(made, { recursive: true });
    throw error;
  }
  return close(folder);
}

/** A sentence for an error of the system or of SQLite while `file` was being opened or written. */
export function unusable(file: string, error: unknown): UnusableData {
  return new UnusableData(`${file} cannot be used by ${userName()}: ${reasonOf(error)}.`);
}

/** Can changes still be written? Looks at the disk, so that it recovers without a restart. */
export class DataFolderHealth {
  readonly #folder: string;
  readonly #world: World;
  #answer: Promise<string | undefined> | undefined;
  #goodUntil = 0;

  constructor(folder: string, world: World) {
    this.#folder = folder;
    this.#world = world;
  }

  /** @returns what is wrong, as a sentence that does not say where the folder is. */
  trouble(): Promise<string | undefined> {
    const now = this.#world.clock.monotonic();
    if (this.#answer === undefined || now >= this.#goodUntil) {
      this.#answer = this.#look();
      this.#goodUntil = now + GOOD_FOR_MS;
    }
    return this.#answer;
  }

  async #look(): Promise<string | undefined> {
    for (const name of [...DATABASES, RECORDINGS])
      try {
        // With a slash at its end, a path is found only where it leads to a folder.
        const path = join(this.#folder, name === RECORDINGS ? `${name}/` : name);
        await access(path, constants.R_OK | constants.W_OK);
      } catch (error) {
        return `${name} cannot be written: ${reasonOf(error)}.`;
      }
    const probe = join(this.#folder, `.probe-${this.#world.chance.id()}`);
    try {
      const file = await open(probe, 'wx', 0o600);
      try {
        await file.writeFile(PROBE.subarray(0, 4096));
        await file.sync();
      } finally {
        await file.close();
        await rm(probe, { force: true });
      }
      await stat(this.#folder);
      return undefined;
    } catch (error) {
      return `The data folder cannot be written: ${reasonOf(error)}.`;
    }
  }
}

const withCompanions = (name: string): readonly string[] => COMPANIONS.map((suffix) => name + suffix);

function inspect(folder: string, name: string, attempt: () => void): void {
  try {
    attempt();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' && name !== '') return;
    const what = name === '' ? 'it' : `${name} in it`;
    throw new UnusableData(
      `The data folder ${folder} cannot be used: ${what} cannot be written by ${userName()}: ${reasonOf(error)}.`,
    );
  }
}

function tryFile(path: string): void {
  if (!statSync(path).isFile()) throw new Error('it is not a file');
  // Not opened: closing it again would drop the locks that this process has on a database.
  accessSync(path, constants.R_OK | constants.W_OK);
}

function tryFolder(path: string, chance: Chance): void {
  if (!statSync(path).isDirectory()) throw new Error('it is not a folder');
  const probe = join(path, `.probe-${chance.id()}`);
  const file = openSync(probe, 'wx', 0o600);
  try {
    writeSync(file, PROBE);
    fsyncSync(file);
  } finally {
    closeSync(file);
    rmSync(probe, { force: true });
  }
}

function tryRecordings(path: string, chance: Chance): void {
  tryFolder(path, chance);
  for (const entry of readdirSync(path, { withFileTypes: true }))
    if (entry.isDirectory()) tryFolder(join(path, entry.name), chance);
}

/**
 * Withdraws others' permissions on our files, and reports where that is not possible (on a file system without owners, or
 * where the files belong to another user), or where the folder itself is open to them, which may be intended.
 */
function close(folder: string): string | undefined {
  const left: string[] = [];
  for (const name of readdirSync(folder)) {
    if (OURS.test(name)) left.push(...withdraw(join(folder, name)));
    else if (name === RECORDINGS) left.push(...withdrawAll(join(folder, name)));
  }
  const [first] = left;
  if (first !== undefined)
    return `Other users can open ${String(left.length)} of the files in the data folder ${folder}, and ${userName()} may not change that: ${first}`;
  const { mode } = statSync(folder);
  if (process.platform === 'win32' || (mode & OTHERS) === 0) return undefined;
  return (
    `Other users can open the data folder ${folder} (mode ${(mode & 0o777).toString(8)}). The databases and recordings in it ` +
    'are for this user alone; use chmod 700 to close the folder, too.'
  );
}

/** @returns what is wrong with each file that stays open to others. */
function withdrawAll(folder: string): readonly string[] {
  const inside = readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) return withdrawAll(join(folder, entry.name));
    return entry.isFile() ? withdraw(join(folder, entry.name)) : [];
  });
  return [...withdraw(folder), ...inside];
}

function withdraw(path: string): readonly string[] {
  try {
    const { mode } = statSync(path);
    if ((mode & OTHERS) !== 0) chmodSync(path, mode & 0o777 & ~OTHERS);
    return [];
  } catch (error) {
    // A dangling link is open to no one.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    return [`${path}: ${reasonOf(error)}.`];
  }
}

/** The user of this process, as the machine's administrator knows it. */
function userName(): string {
  try {
    const { username, uid } = userInfo();
    return uid < 0 ? `user ${username}` : `user ${username} (uid ${uid})`;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission is denied',
  EPERM: 'the system does not permit it (an immutable file, or one of another owner)',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  ENOTDIR: 'part of its path is not a folder',
  EEXIST: 'a file has its name',
  ENOENT: 'it is gone',
  EIO: 'the disk fails',
  SQLITE_FULL: 'the disk is full',
  SQLITE_READONLY: 'it is read-only',
  SQLITE_CANTOPEN: 'it cannot be opened',
  SQLITE_IOERR: 'the disk fails',
  // There is no room for the index of a WAL.
  SQLITE_IOERR_SHMSIZE: 'the disk is full',
};

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const known = REASONS[code ?? ''] ?? REASONS[code?.replace(/^(SQLITE_[A-Z]+)_.*$/, '$1') ?? ''];
  return known ?? message.replace(/\.$/, '');
}
