import { type FileHandle, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder, unlessAbsent } from '../recordings/durable-files.ts';
import { foldWal } from '../storage/sqlite/copied-database.ts';
import { copyFile } from './copied-file.ts';
import {
  checksumOf,
  committed,
  frameSize,
  isNextLife,
  isSameLife,
  lifeOf,
  WAL_HEADER,
  type WalLife,
} from './wal.ts';

/** What the copy has and what the server has do not join: a new copy is begun. */
export class Disjoined extends Error {
  override readonly name = 'Disjoined';
}

/** What has been committed since the last time. */
interface Read {
  /** Of the log as it is now; with its header where the log has begun. */
  readonly octets: Buffer;
  readonly isBeginning: boolean;
  readonly end: number;
  readonly life: WalLife | undefined;
  readonly checksum: readonly [number, number];
  /** Is that all of the log, and are its pages in their places at the server? */
  readonly isLast: boolean;
}

/**
 * A database of a server that goes on, and its copy: the file as it was when this began, and a log that is, octet for octet, the beginning of the server's. At
 * any instant SQLite makes of them what was committed up to some moment. Where the server has put the pages of its log into their places, the copy does
 * the same.
 */
export class FollowedDatabase {
  readonly #from: string;
  readonly #to: string;
  #life: WalLife | undefined;
  #checksum: readonly [number, number] = [0, 0];
  /** As far as the log is copied (octets). */
  #end = 0;
  /** Are all pages of this log in their places, so that the next change begins it anew? */
  #isFolded = false;
  #log: FileHandle | undefined;

  constructor(from: string, to: string) {
    this.#from = from;
    this.#to = to;
  }

  /** While the server holds the file. */
  async begin(signal: AbortSignal): Promise<void> {
    await copyFile(this.#from, this.#to, signal);
  }

  /** Pages of the log that have been copied. */
  get pages(): number {
    return this.#life && this.#end > 0 ? (this.#end - WAL_HEADER) / frameSize(this.#life) : 0;
  }

  /**
   * @param last how many pages the log had when the server put them into their places: all of these are read then. They stay where they are until the log that
   *   begins anew has as many.
   * @throws {Disjoined}
   */
  async read(last?: number): Promise<Read> {
    const file = await unlessAbsent(open(`${this.#from}-wal`, 'r'));
    try {
      // A hold begins with a page in the log. Perch has removed it: everything is in the main file now.
      if (!file) throw new Disjoined('The log of the server is gone.');
      return await this.#readFrom(file, last);
    } finally {
      await file?.close();
    }
  }

  /** Appends what was read, and waits for the disk. @throws {Disjoined} where somebody has changed the copy. */
  async write({ octets, isBeginning, end, life, checksum, isLast }: Read): Promise<void> {
    if (octets.length > 0) {
      const isNew = this.#log === undefined;
      const log = (this.#log ??= await this.#newLog());
      const [ours, there] = await Promise.all([log.stat(), unlessAbsent(stat(`${this.#to}-wal`))]);
      const begins = isBeginning ? 0 : this.#end;
      if (there?.ino !== ours.ino || ours.size !== begins) throw this.#touched();
      // All of it: a `write` may end before, where a disk is almost full.
      await log.writeFile(octets);
      await log.datasync();
      if (isNew) await syncFolder(dirname(this.#to));
    }
    [this.#life, this.#end, this.#checksum] = [life, end, checksum];
    if (isBeginning) this.#isFolded = false;
    if (isLast) await this.#fold();
  }

  async close(): Promise<void> {
    await this.#log?.close();
    this.#log = undefined;
  }

  async #newLog(): Promise<FileHandle> {
    try {
      return await open(`${this.#to}-wal`, 'wx', 0o600);
    } catch (error) {
      throw (error as NodeJS.ErrnoException).code === 'EEXIST' ? this.#touched() : error;
    }
  }

  readonly #touched = (): Disjoined => new Disjoined(`${this.#to} was opened or changed by something else.`);

  async #readFrom(file: FileHandle, last: number | undefined): Promise<Read> {
    const header = await readAt(file, 0, WAL_HEADER);
    if (header.length < WAL_HEADER) throw new Disjoined('The log of the server was emptied.');
    const now = lifeOf(header);
    const isBeginning = last === undefined && this.#beginsWith(now);
    const life = isBeginning ? now : this.#life;
    if (life === undefined || (this.#isFolded && !isBeginning)) return this.#nothing();
    if (!isBeginning && !(await this.#hasStayed(file, life)))
      throw now && isSameLife(life, now) ? takenBack() : tooMuch();
    const [from, before] = isBeginning ? [WAL_HEADER, life.checksum] : [this.#end, this.#checksum];
    const size = last === undefined ? (await file.stat()).size : WAL_HEADER + last * frameSize(life);
    const read = await readAt(file, from, Math.max(0, size - from));
    const { end, checksum } = committed(life, read, before);
    if (last !== undefined && from + end !== size) throw tooMuch();
    // Only a server that does not hold its files any more can have begun it anew while it was read.
    if (last === undefined && !(await readAt(file, 0, WAL_HEADER)).equals(header))
      throw new Disjoined('The log of the server has begun anew.');
    if (end === 0) return { ...this.#nothing(), isLast: last !== undefined };
    const octets = Buffer.concat([isBeginning ? header : Buffer.alloc(0), read.subarray(0, end)]);
    return { octets, isBeginning, end: from + end, life, checksum, isLast: last !== undefined };
  }

  /** Where the disk fails once a commit is written, SQLite takes it back, and writes the next one over it. Each checksum says what was before. */
  async #hasStayed(file: FileHandle, life: WalLife): Promise<boolean> {
    const last = await readAt(file, this.#end - frameSize(life), frameSize(life));
    const [one, two] = checksumOf(last) ?? [];
    return one === this.#checksum[0] && two === this.#checksum[1];
  }

  /** Is that a log of which nothing is copied yet? @throws {Disjoined} where there is no knowing what was in between. */
  #beginsWith(header: WalLife | undefined): boolean {
    if (this.#life === undefined) return true;
    if (header && isSameLife(this.#life, header)) return false;
    if (this.#isFolded && (header === undefined || isNextLife(this.#life, header)))
      return header !== undefined;
    throw new Disjoined('The log of the server has begun anew.');
  }

  #nothing(): Read {
    const state = { end: this.#end, life: this.#life, checksum: this.#checksum };
    return { octets: Buffer.alloc(0), isBeginning: false, isLast: false, ...state };
  }

  async #fold(): Promise<void> {
    await this.close();
    if (!foldWal(this.#to)) throw this.#touched();
    [this.#isFolded, this.#end] = [true, 0];
  }
}

const takenBack = (): Disjoined => new Disjoined('The server has taken back what it had written.');
const tooMuch = (): Disjoined => new Disjoined('More was written meanwhile than could be read.');

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}
