import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { syncFolder, unlessAbsent } from '../recordings/durable-files.ts';
import { OF_THE_DEMO, RECORDINGS } from '../storage/data-files.ts';
import { organizationsIn } from '../storage/sqlite/copied-database.ts';
import { unusable } from '../storage/sqlite/data-folder.ts';
import type { HeldDatabase } from '../storage/storage.ts';
import { DamagedData } from '../storage/unusable-data.ts';
import type { Clock } from '../world/clock.ts';
import { BackupRefused } from './backup-refused.ts';
import { copyFile } from './copied-file.ts';
import { CopyConnection, PerchHasEnded } from './copy-connection.ts';
import { AS_OF, COPY_BEGUN, COPY_FORMAT, copyIn, describeCopy, GENERATION } from './followed-copy.ts';
import { Disjoined, FollowedDatabase } from './followed-database.ts';
import { FollowedRecordings, INCOMING } from './followed-recordings.ts';
import { OF_THE_SYSTEM } from './files-in.ts';
import { isOfTheSystem } from './system-error.ts';

/** How often the copy takes what has come (milliseconds). */
const EVERY_MS = 1_000;
/** Pages of a log before they are put into their places, at the server and in the copy. */
const PAGES: Readonly<Record<HeldDatabase, number>> = { 'perch.db': 1_000, 'records.db': 4_096 };
const NAMES = ['perch.db', 'records.db'] as const satisfies readonly HeldDatabase[];

interface Wanted {
  readonly dataFolder: string;
  /** Where the copy is, or is to be. */
  readonly folder: string;
  readonly version: string;
  readonly clock: Pick<Clock, 'now' | 'after'>;
  readonly signal: AbortSignal;
  /** Called with what becomes of it. */
  readonly report: (sentence: string) => void;
}

/**
 * Keeps a copy that has everything that the server committed a moment ago, until the signal says to stop. At any instant it can be restored, whatever
 * is killed: what it has is what was committed up to some moment, and every recording of a message that it knows is there.
 *
 * @throws {BackupRefused} {@link UnusableData} with a sentence; what was copied before stays.
 */
export async function follow(wanted: Wanted): Promise<void> {
  const { folder, dataFolder, signal, clock, report } = wanted;
  try {
    await prepare(wanted);
    for (let isWaiting = false; !signal.aborted;) {
      const connection = await CopyConnection.open(dataFolder);
      if (connection) await new Following(wanted, connection).run();
      else if (!isWaiting) report(`No Perch serves ${dataFolder}. The copy goes on as soon as one does.`);
      isWaiting = !connection;
      await pause(clock, signal);
    }
  } catch (error) {
    if (signal.aborted) return;
    throw isOfTheSystem(error) ? unusable(error.path ?? folder, error) : error;
  }
}

async function prepare({ dataFolder, folder }: Wanted): Promise<void> {
  if (!relative(dataFolder, folder).startsWith('..'))
    throw new BackupRefused(
      `${folder} is in the data folder. Keep the copy elsewhere, best on another disk.`,
    );
  if (!existsSync(dirname(folder))) throw new BackupRefused(`There is no folder ${dirname(folder)}.`);
  if ((await mkdir(folder, { recursive: true, mode: 0o700 })) !== undefined)
    await syncFolder(dirname(folder));
  if (!(await copyIn(folder)) && !isBegun((await readdir(folder)).filter((name) => name !== OF_THE_SYSTEM)))
    throw new BackupRefused(
      `${folder} is not empty, and no copy that follows. Give the copy a folder of its own.`,
    );
  await chmod(folder, 0o700);
}

/** Nothing, or what a copy has that was cut off before it was whole: the folder of its databases is the first of it. */
const isBegun = (names: readonly string[]): boolean =>
  names.length === 0 ||
  (names.some((name) => GENERATION.test(name)) &&
    names.every((name) => GENERATION.test(name) || BESIDE_GENERATIONS.includes(name)));
const BESIDE_GENERATIONS: readonly string[] = [RECORDINGS, INCOMING, COPY_BEGUN];

/** The databases of copies but of these. */
const generationsBut = async (
  folder: string,
  but: readonly (string | undefined)[],
): Promise<readonly string[]> =>
  (await readdir(folder))
    .filter((name) => GENERATION.test(name) && !but.includes(name))
    .map((name) => join(folder, name));

async function removeGenerations(folder: string, but: readonly (string | undefined)[]): Promise<void> {
  for (const generation of await generationsBut(folder, but)) await rm(generation, { recursive: true });
}

/** Until then, or until it is to stop. */
const pause = (clock: Wanted['clock'], signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const cancel = clock.after(EVERY_MS, resolve);
    signal.addEventListener(
      'abort',
      () => {
        cancel();
        resolve();
      },
      { once: true },
    );
    if (signal.aborted) resolve();
  });

/** A copy that is damaged has nothing to lose. */
function noneIfDamaged(error: unknown): readonly string[] {
  if (error instanceof DamagedData) return [];
  throw error;
}

/** A copy for as long as one Perch runs: it begins with the files as they are then. */
class Following {
  readonly #wanted: Wanted;
  readonly #connection: CopyConnection;
  readonly #ended = new AbortController();

  constructor(wanted: Wanted, connection: CopyConnection) {
    this.#wanted = wanted;
    this.#connection = connection;
    connection.ended = () => this.#ended.abort();
  }

  get #hasEnded(): boolean {
    return this.#ended.signal.aborted;
  }

  /** Resolves when the Perch has ended, or when the copy is to be begun anew. */
  async run(): Promise<void> {
    const { signal, clock, report, folder } = this.#wanted;
    const generation = join(folder, `databases-${String(clock.now())}`);
    const databases = NAMES.map(
      (name) => new FollowedDatabase(join(this.#wanted.dataFolder, name), join(generation, name)),
    );
    try {
      await this.#connection.ask('follow');
      const recordings = await FollowedRecordings.open(this.#wanted.dataFolder, folder);
      const whole = (await copyIn(folder))?.databases;
      // What was begun and never completed must not fill the disk of the copy. Its folder stays until the next one is there, since it says whose the recordings are.
      for (const begun of await generationsBut(folder, [whole]))
        for (const name of await readdir(begun)) await rm(join(begun, name));
      await mkdir(generation, { mode: 0o700 });
      await removeGenerations(folder, [whole, basename(generation)]);
      await this.#refuseOther(generation);
      for (const database of databases) await database.begin(signal);
      const begun = await this.#round(databases, recordings);
      // A Perch that has ended meanwhile, and has perhaps been started again, has not kept the files as they were.
      await this.#connection.ask('held');
      await this.#begun(generation);
      await this.#note(begun);
      for (let isLast = false; !isLast && !signal.aborted;) {
        await pause(clock, AbortSignal.any([signal, this.#ended.signal]));
        // Also once the Perch has ended: its files are as it has left them.
        isLast = this.#hasEnded;
        await this.#note(await this.#round(databases, recordings));
      }
    } catch (error) {
      if (!(error instanceof Disjoined || error instanceof PerchHasEnded)) throw error;
      report(`${error.message} The copy is begun anew.`);
    } finally {
      for (const database of databases) await database.close();
      await this.#connection.close();
    }
  }

  /**
   * In this order, what the copy has is whole at any instant: what `perch.db` knows of calls is in `records.db`, and recordings are there before the messages
   * that name them.
   * @returns when everything was committed that it has now.
   */
  async #round(databases: readonly FollowedDatabase[], recordings: FollowedRecordings): Promise<number> {
    const { clock, signal } = this.#wanted;
    const asOf = clock.now();
    const reads = [];
    for (const [index, name] of NAMES.entries()) {
      const database = databases[index];
      if (!database) continue;
      if (name === 'records.db') await this.#unlessEnded('archived');
      const isDue = database.pages >= PAGES[name];
      const last = isDue ? (await this.#unlessEnded(`checkpoint ${name}`))?.pages : undefined;
      reads.push({ database, read: await database.read(last) });
    }
    await recordings.follow(signal);
    for (const { database, read } of reads.toReversed()) await database.write(read);
    return asOf;
  }

  /** It may be lost in a power cut, as nothing depends on it; it is never half written. */
  async #note(asOf: number): Promise<void> {
    const path = join(this.#wanted.folder, AS_OF);
    await writeFile(`${path}.part`, `${new Date(asOf).toISOString()}\n`, { mode: 0o600 });
    await rename(`${path}.part`, path);
  }

  /** Once the Perch has ended, what it has left is copied: its files change no more. */
  async #unlessEnded(request: 'archived' | `checkpoint ${HeldDatabase}`) {
    return this.#hasEnded
      ? undefined
      : this.#connection.ask(request).catch((error: unknown) => {
          if (!(error instanceof PerchHasEnded)) throw error;
          return undefined;
        });
  }

  /** @throws {BackupRefused} where the server has none of the organizations that are in the copy, which would be lost. */
  async #refuseOther(generation: string): Promise<void> {
    const { dataFolder, folder } = this.#wanted;
    const copy = await copyIn(folder);
    if (!copy) return;
    const known = await this.#organizationsIn(join(folder, copy.databases), generation).catch(noneIfDamaged);
    if (known.length === 0) return;
    const now = await this.#organizationsIn(dataFolder, generation);
    if (!known.some((organization) => now.includes(organization)))
      throw new BackupRefused(
        `${dataFolder} has none of the organizations of which ${folder} is a copy. Is its disk mounted? The copy stays as it is; give another Perch a folder of its own.`,
      );
  }

  /** Those of the databases in that folder. They are copied first, as what opens a database changes its files. */
  async #organizationsIn(databases: string, generation: string): Promise<readonly string[]> {
    const [from, to] = [join(databases, 'perch.db'), join(generation, 'looked-at.db')];
    try {
      for (const suffix of ['', '-wal'])
        await unlessAbsent(copyFile(from + suffix, to + suffix, this.#wanted.signal));
      return organizationsIn(to, from);
    } finally {
      for (const suffix of ['', '-wal', '-shm']) await rm(to + suffix, { force: true });
    }
  }

  /** From now on it is this one that is restored. */
  async #begun(generation: string): Promise<void> {
    const { dataFolder, folder, version, report, signal } = this.#wanted;
    for (const name of await readdir(dataFolder))
      if (OF_THE_DEMO.test(name)) await copyFile(join(dataFolder, name), join(generation, name), signal);
    await syncFolder(generation);
    const databases = relative(folder, generation);
    await describeCopy(folder, { format: COPY_FORMAT, perch: version, databases });
    await removeGenerations(folder, [databases]);
    report(`${folder} follows ${dataFolder}.`);
  }
}
