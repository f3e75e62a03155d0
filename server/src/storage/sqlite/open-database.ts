import type { Migration } from 'kysely';
import { unusable } from './data-folder.ts';
import { UnusableData } from '../unusable-data.ts';
import { Database, type Durability } from './database.ts';
import { isDamage } from './errors.ts';

/**
 * Opens one file, and brings its tables up to date.
 * @throws {UnusableData} with a sentence; SQLite's own error where the file is damaged.
 */
export async function openDatabase<Schema>(
  path: string,
  durability: Durability,
  migrations: Readonly<Record<string, Migration>>,
): Promise<Database<Schema>> {
  let db: Database<Schema> | undefined;
  try {
    db = new Database<Schema>(path, durability);
    await db.migrate(migrations);
    return db;
  } catch (error) {
    db?.close();
    throw isDamage(error) || error instanceof UnusableData ? error : unusable(path, error);
  }
}
