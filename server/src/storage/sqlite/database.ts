import { closeSync, openSync, rmSync } from 'node:fs';
import SqliteConnection from 'better-sqlite3';
import type { Database as Connection, Transaction } from 'better-sqlite3';
import {
  DummyDriver,
  Kysely,
  Migrator,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type { Migration } from 'kysely';
import { Unwritable } from '../../management/unwritable.ts';
import { UnusableData } from '../unusable-data.ts';
import { troubleOf } from './errors.ts';
import { MigrationDialect } from './migration-dialect.ts';
import { type Bindable, compiled, type Query, type Statement, type WriteQuery } from './statement.ts';

/**
 * What a commit survives, by SQLite's `synchronous` in WAL mode. Both survive `kill -9`, as the operating system has the
 * pages by then. Only `power-cut` also waits for the disk, for about a millisecond.
 */
export type Durability = 'power-cut' | 'crash';

/**
 * How much is written at a time. After `bulk`, thousands of rows all over the file, 16 MiB of pages are kept in memory, and so many are
 * written to the WAL before they go to their places, each once and not after every batch.
 */
type Load = 'single' | 'bulk';
const BULK_CACHE_KIB = 16_384;
/** How many pages the WAL has when SQLite puts them into their places. */
const WAL_PAGES: Readonly<Record<Load, number>> = { single: 1_000, bulk: 4_096 };

/** What belongs to the change that is about to be made, `undefined` for nothing: adds it to the transaction, and does the rest once that is committed. */
type Companion = () => { readonly add: () => void; readonly committed: () => void } | undefined;

/** An empty file for us alone: SQLite gives those that it adds the permissions of this one. */
function makeFile(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** The `user_version` of a file in which everything deleted has been overwritten. */
const OVERWRITTEN = 1;

/**
 * One SQLite file: Kysely writes the queries, better-sqlite3 runs them at once, in the caller's thread. Only repositories see that:
 * their ports are asynchronous, as those of a database elsewhere would be.
 */
export class Database<Schema> {
  /** Writes queries; cannot run them. */
  readonly sql = new Kysely<Schema>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  });
  readonly #connection: Connection;
  readonly #path: string;
  readonly #load: Load;
  /** One for all transactions: making one costs more than a short one does. */
  readonly #atOnce: Transaction<(work: () => unknown) => unknown>;
  #companion: Companion | undefined;
  #full: () => void = () => undefined;
  /** Has SQLite overwritten everything that was ever deleted from this file? */
  #isOverwritten: boolean;

  /**
   * No other connection, of any process, can open the file while this one has it. So the index of its WAL is in our memory and
   * not in a memory-mapped file, which would crash the process if that file could no longer be written.
   * @throws {UnusableData} where another Perch has it; SQLite's own error where the file is damaged.
   */
  constructor(path: string, durability: Durability, load: Load = 'single') {
    this.#path = path;
    this.#load = load;
    makeFile(path);
    this.#connection = new SqliteConnection(path, { timeout: 1000 });
    this.#atOnce = this.#connection.transaction((work) => work());
    try {
      this.#connection.pragma('locking_mode = EXCLUSIVE');
      this.#connection.pragma('mmap_size = 0');
      this.#isOverwritten = this.#overwrites(durability);
      this.#connection.pragma('journal_mode = WAL');
      this.#connection.pragma(`synchronous = ${durability === 'power-cut' ? 'FULL' : 'OFF'}`);
      this.#connection.pragma('foreign_keys = ON');
      // A disk for temporary files that is full must not keep anyone from moving.
      this.#connection.pragma('temp_store = MEMORY');
      if (load === 'bulk') this.#connection.pragma(`cache_size = ${String(-BULK_CACHE_KIB)}`);
      this.letGo();
      this.#connection.exec('BEGIN IMMEDIATE; COMMIT');
      // Left by a Perch that used one.
      rmSync(`${path}-shm`, { force: true });
    } catch (error) {
      this.#connection.close();
      if (error instanceof SqliteConnection.SqliteError && error.code.startsWith('SQLITE_BUSY'))
        throw new UnusableData(
          `Another Perch is using ${path}. Stop it, or give this one its own PERCH_DATA.`,
        );
      throw error;
    }
  }

  /** Brings the tables up to date, all at once or not at all. Migrations are numbered, and never changed once released. */
  async migrate(migrations: Readonly<Record<string, Migration>>): Promise<void> {
    const migrator = new Migrator({
      db: new Kysely({ dialect: new MigrationDialect(this.#connection) }),
      provider: { getMigrations: async () => ({ ...migrations }) },
      // Rooms have ranges of numbers: a lower one may come later.
      allowUnorderedMigrations: true,
    });
    const { error } = await migrator.migrateToLatest();
    if (error instanceof Error && error.message.includes('previously executed migration'))
      throw new UnusableData(
        `${this.#path} was written by a newer Perch. Start that one, or restore a backup.`,
      );
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- whatever the driver threw
    if (error) throw error;
  }

  all<Row>(query: Query<Row>): readonly Row[] {
    const { sql, parameters } = query.compile();
    return this.#connection.prepare<unknown[], Row>(sql).all(...parameters);
  }

  first<Row>(query: Query<Row>): Row | undefined {
    return this.all(query)[0];
  }

  /** From now on, each change is asked what belongs to it. Prepared statements, and `runAlone`, are left out. */
  accompany(companion: Companion): void {
    this.#companion = companion;
  }

  /** @returns how many rows it changed. */
  run(query: Query<unknown>): number {
    return this.#companionNow() ? this.transaction(() => this.runAlone(query)) : this.runAlone(query);
  }

  /** The same for what is no deed of its own, such as a code that is used up on the way to one. */
  runAlone(query: Query<unknown>): number {
    const { sql, parameters } = query.compile();
    return this.#written(() => this.#connection.prepare(sql).run(...parameters).changes);
  }

  /** For hot paths, where compiling at every run would be noticeable: `p(name)` in the query is replaced by `values[name]`. */
  prepare<Values extends Readonly<Record<string, Bindable>>>() {
    return <Row>(write: WriteQuery<Values, Row>): Statement<Values, Row> => {
      const { sql, bind } = compiled(write);
      const statement = this.#connection.prepare<unknown[], Row>(sql);
      return {
        run: (values) => void this.#written(() => statement.run(...bind(values))),
        all: (values) => statement.all(...bind(values)),
      };
    };
  }

  /** Runs `work` as one transaction: all of it is committed when this returns, or, where it throws, none. */
  transaction<Result>(work: () => Result): Result {
    const companion = this.#companionNow();
    if (!companion) return this.transactionAlone(work);
    const accompanied = () => {
      const before = this.#changes();
      const result = work();
      const hasChanged = this.#changes() > before;
      if (hasChanged) companion.add();
      return { result, hasChanged };
    };
    const { result, hasChanged } = this.#written(
      () => this.#atOnce.immediate(accompanied) as ReturnType<typeof accompanied>,
    );
    if (hasChanged) companion.committed();
    return result;
  }

  /** The same for what is no deed of its own. */
  transactionAlone<Result>(work: () => Result): Result {
    return this.#written(() => this.#atOnce.immediate(work) as Result);
  }

  #companionNow(): ReturnType<Companion> {
    return this.#connection.inTransaction ? undefined : this.#companion?.();
  }

  /** Rows that this connection has changed so far. */
  #changes(): number {
    return this.#connection.prepare('SELECT total_changes()').pluck().get() as number;
  }

  /** @throws {Unwritable} where the disk is to blame. */
  #written<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      const trouble = troubleOf(error);
      // Once the transaction that it ends is over.
      if (trouble === 'full') queueMicrotask(this.#full);
      throw trouble ? new Unwritable(trouble, this.#path, error) : error;
    }
  }

  /**
   * What lasts is overwritten where it is deleted, which costs little beside a commit on the disk. Of files that were begun without that,
   * `clean` has still to rewrite everything, once.
   */
  #overwrites(durability: Durability): boolean {
    this.#connection.pragma(`secure_delete = ${durability === 'crash' ? 'OFF' : 'ON'}`);
    if (durability === 'crash') return false;
    const isNew = this.#connection.pragma('page_count', { simple: true }) === 0;
    if (isNew) this.#connection.pragma(`user_version = ${String(OVERWRITTEN)}`);
    return this.#connection.pragma('user_version', { simple: true }) === OVERWRITTEN;
  }

  /** Nothing that was deleted or replaced before is left in the file or in its WAL. */
  clean(): void {
    this.#written(() => {
      if (!this.#isOverwritten) {
        this.#connection.exec('VACUUM');
        this.#isOverwritten = this.#connection.pragma('secure_delete', { simple: true }) === 1;
        if (this.#isOverwritten) this.#connection.pragma(`user_version = ${String(OVERWRITTEN)}`);
      }
      this.#connection.pragma('wal_checkpoint(TRUNCATE)');
    });
  }

  /**
   * From now on the file stays as it is, and its WAL only grows: another process can copy both as files, the WAL last, and SQLite makes the
   * database of that moment of them. Nothing is written but one page, so that a WAL whose pages are in their places already begins anew now and not while
   * it is being read.
   *
   * @param full called where the disk has no room for a change: the WAL has to begin anew
   */
  hold(full: () => void = () => undefined): void {
    this.#full = full;
    this.#connection.pragma('wal_autocheckpoint = 0');
    const version = String(this.#connection.pragma('user_version', { simple: true }));
    this.#written(() => this.#connection.pragma(`user_version = ${version}`));
  }

  /**
   * While it is held: puts all pages of the WAL into their places. The next change begins the WAL anew, from its first octet.
   * @returns how many pages it had.
   */
  checkpoint(): number {
    return this.#written(() => {
      const [done] = this.#connection.pragma('wal_checkpoint(PASSIVE)') as [{ log: number }];
      return done.log;
    });
  }

  /** From now on SQLite puts pages into their places by itself. */
  letGo(): void {
    this.#full = () => undefined;
    this.#connection.pragma(`wal_autocheckpoint = ${String(WAL_PAGES[this.#load])}`);
  }

  /**
   * Writes a copy, a few pages at a time: what is changed meanwhile is in it, since SQLite begins a copy anew only where another connection changes the
   * file, and there is none. The last step waits for the disk, so that no server makes its backups in this way.
   */
  async copyTo(path: string): Promise<void> {
    makeFile(path);
    await this.#connection.backup(path);
  }

  close(): void {
    this.#connection.close();
  }
}
