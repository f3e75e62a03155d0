import { rmSync } from 'node:fs';
import { join } from 'node:path';
import SqliteConnection from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { scratchFolder } from '../support/scratch-folder.ts';
import { checkCopy } from './copied-database.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = scratchFolder();
  path = join(folder, 'copy.db');
  const db = new SqliteConnection(path);
  db.exec(
    `CREATE TABLE kysely_migration (name); INSERT INTO kysely_migration VALUES ('001');
     CREATE TABLE names (name TEXT); INSERT INTO names VALUES (NULL)`,
  );
  db.close();
});
afterEach(() => rmSync(folder, { recursive: true }));

test('a sound copy says which migrations it has had', () => {
  expect(checkCopy(path)).toEqual(['001']);
});

test('a copy whose rows do not fit its tables is damaged, though every page can be read; its original is named', () => {
  const db = new SqliteConnection(path);
  db.unsafeMode();
  db.pragma('writable_schema = ON');
  db.exec("UPDATE sqlite_schema SET sql = 'CREATE TABLE names (name TEXT NOT NULL)' WHERE name = 'names'");
  db.close();
  expect(() => checkCopy(path, '/data/perch.db')).toThrow(
    '/data/perch.db is damaged: NULL value in names.name.',
  );
});
