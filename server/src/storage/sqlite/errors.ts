import SqliteConnection from 'better-sqlite3';
import type { DiskTrouble } from '../../management/unwritable.ts';

/** Does this error of SQLite mean that the disk cannot be written? */
export function troubleOf(error: unknown): DiskTrouble | undefined {
  if (!(error instanceof SqliteConnection.SqliteError)) return undefined;
  if (error.code.startsWith('SQLITE_FULL')) return 'full';
  if (/^SQLITE_(READONLY|CANTOPEN|PERM)/.test(error.code)) return 'read-only';
  return error.code.startsWith('SQLITE_IOERR') ? 'failing' : undefined;
}

/** Does this error of SQLite mean that the file is damaged, or not a database? */
export const isDamage = (error: unknown): boolean =>
  error instanceof SqliteConnection.SqliteError && /^SQLITE_(CORRUPT|NOTADB)/.test(error.code);
