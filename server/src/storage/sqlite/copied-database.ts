import SqliteConnection from 'better-sqlite3';
import type { DatabaseName } from '../data-files.ts';
import { DamagedData } from '../unusable-data.ts';
import { archiveMigrations, journalMigrations } from './calls/migrations/index.ts';
import { isDamage } from './errors.ts';
import { organizationMigrations } from './migrations/index.ts';

const MIGRATIONS: Readonly<Record<DatabaseName, object>> = {
  'perch.db': organizationMigrations,
  'calls.db': journalMigrations,
  'records.db': archiveMigrations,
};

/**
 * Makes a copy of a database one file that needs no other, and looks through it.
 * @param original of which it is a copy
 * @returns the migrations that it has had.
 * @throws {DamagedData} where the original is damaged.
 */
export function checkCopy(path: string, original = path): readonly string[] {
  const connection = new SqliteConnection(path);
  try {
    connection.pragma('journal_mode = DELETE');
    const found = connection.pragma('quick_check(1)', { simple: true });
    if (found !== 'ok') throw new DamagedData(`${original} is damaged: ${String(found)}.`);
    return connection.prepare<[], string>('SELECT name FROM kysely_migration ORDER BY name').pluck().all();
  } catch (error) {
    throw isDamage(error) ? new DamagedData(`${original} is damaged.`) : error;
  } finally {
    connection.close();
  }
}

/** Puts what the WAL of a copy has into its place, on the disk, and removes it. @returns whether it could: somebody else may have opened the copy. */
export function foldWal(path: string): boolean {
  const connection = new SqliteConnection(path, { timeout: 0 });
  try {
    return connection.pragma('wal_checkpoint(TRUNCATE)', { simple: true }) === 0;
  } finally {
    connection.close();
  }
}

/** How many extensions are at other terminals, in a copy of `perch.db`. */
export function staysIn(path: string): number {
  const connection = new SqliteConnection(path, { readonly: true });
  try {
    return connection.prepare<[], number>('SELECT count(*) FROM virtualizations').pluck().get() ?? 0;
  } finally {
    connection.close();
  }
}

/**
 * The organizations in a copy of `perch.db`, by their ids; none in one that is new.
 * @throws {DamagedData} where the original is damaged.
 */
export function organizationsIn(path: string, original: string): readonly string[] {
  const connection = new SqliteConnection(path);
  try {
    const isThere = connection.prepare("SELECT 1 FROM sqlite_master WHERE name = 'organizations'").get();
    if (isThere === undefined) return [];
    return connection.prepare<[], string>('SELECT id FROM organizations').pluck().all();
  } catch (error) {
    throw isDamage(error) ? new DamagedData(`${original} is damaged.`) : error;
  } finally {
    connection.close();
  }
}

/** Does this Perch know a database of that name with these migrations? */
export function knowsSchema(name: string, migrations: readonly string[]): boolean {
  const known = Object.entries(MIGRATIONS).find(([database]) => database === name)?.[1];
  return known !== undefined && migrations.every((migration) => Object.hasOwn(known, migration));
}
