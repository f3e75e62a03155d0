import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Migration } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { scratchFolder } from '../support/scratch-folder.ts';
import { Database } from './database.ts';
import { schemaOf } from './support/seeded-tables.ts';

let folder: string;
beforeEach(() => {
  folder = scratchFolder();
});
afterEach(() => rmSync(folder, { recursive: true }));

const makes = (table: string): Migration => ({
  up: (db) => db.schema.createTable(table).addColumn('id', 'text').execute(),
});

test('where a migration fails, the file is as it was before the first of them, and comes forward once it succeeds', async () => {
  const path = join(folder, 'perch.db');
  const brought = async (migrations: Readonly<Record<string, Migration>>) => {
    const db = new Database<object>(path, 'power-cut');
    try {
      await db.migrate(migrations);
    } finally {
      db.close();
    }
  };
  await brought({ '001': makes('one') });
  const before = schemaOf(path);
  const half: Migration = {
    up: async (db) => {
      await makes('three').up(db);
      throw new Error('killed');
    },
  };
  await expect(brought({ '001': makes('one'), '002': makes('two'), '003': half })).rejects.toThrow('killed');
  expect(schemaOf(path)).toEqual(before);
  await brought({ '001': makes('one'), '002': makes('two'), '003': makes('three') });
  expect(schemaOf(path)).toHaveLength(before.length + 2);
});
