import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import SqliteConnection from 'better-sqlite3';
import type { Kysely } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { scratchFolder } from '../support/scratch-folder.ts';
import { Database, type Durability } from './database.ts';

let folder: string;
beforeEach(() => void (folder = scratchFolder()));
afterEach(() => rmSync(folder, { recursive: true }));

const SECRET = 'a name that is to be forgotten';
interface Schema {
  people: { name: string };
}

const isFound = (path: string) => [path, `${path}-wal`].some((file) => readFileSync(file).includes(SECRET));

/** A file in which something was written and deleted before this Perch. */
function olderFile(path: string): void {
  const older = new SqliteConnection(path);
  older.exec(`CREATE TABLE people (name text); INSERT INTO people VALUES ('${SECRET}'); DELETE FROM people`);
  older.close();
  expect(readFileSync(path).includes(SECRET)).toBe(true);
}

test.for<Durability>(['power-cut', 'crash'])(
  'of what was deleted nothing is left once it is cleaned, in files that were begun by an older Perch, too: %s',
  (durability) => {
    const path = join(folder, 'some.db');
    olderFile(path);
    const db = new Database<Schema>(path, durability);
    for (let round = 0; round < 2; round++) {
      db.run(db.sql.insertInto('people').values({ name: SECRET }));
      db.run(db.sql.deleteFrom('people'));
      expect(isFound(path)).toBe(true);
      db.clean();
      expect(isFound(path)).toBe(false);
    }
    db.close();
  },
);

test('a new file is overwritten as it is written, and need not be rewritten', async () => {
  const path = join(folder, 'new.db');
  const db = new Database<Schema>(path, 'power-cut');
  await db.migrate({
    one: {
      up: async (schema: Kysely<unknown>) => {
        await schema.schema.createTable('people').addColumn('name', 'text').execute();
      },
    },
  });
  db.run(db.sql.insertInto('people').values({ name: SECRET }));
  db.run(db.sql.deleteFrom('people'));
  db.close();
  // The WAL is gone with the last connection.
  expect(readFileSync(path).includes(SECRET)).toBe(false);
});
