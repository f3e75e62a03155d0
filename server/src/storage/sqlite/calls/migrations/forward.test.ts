import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Migration } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { scratchFolder } from '../../../support/scratch-folder.ts';
import { Database } from '../../database.ts';
import {
  faultsIn,
  lostIn,
  schemaOf,
  seedTables,
  tablesIn,
  type TableChanges,
} from '../../support/seeded-tables.ts';
import { archiveMigrations, journalMigrations } from './index.ts';

type Migrations = Readonly<Record<string, Migration>>;

/** Sums of days, and the numbers that they have for pairs: made anew when they are asked for. */
const SUMS = ['day_sheets', 'call_pairs'];

const DATABASES: readonly {
  name: string;
  migrations: Migrations;
  changes: (since: string) => TableChanges;
}[] = [
  {
    name: 'calls.db',
    migrations: journalMigrations,
    changes: () => ({ renamed: {}, rewritten: [], dropped: [] }),
  },
  {
    name: 'records.db',
    migrations: archiveMigrations,
    changes: (since) => ({
      // They wait there until they have been taken over.
      renamed: since === '001' ? { call_records: 'earlier_call_records' } : {},
      rewritten: [],
      dropped: SUMS,
    }),
  },
];
const CASES = DATABASES.flatMap(({ name, migrations, changes }) =>
  Object.keys(migrations).map((migration, index) => ({ name, migration, index, migrations, changes })),
);

let folder: string;
beforeEach(() => void (folder = scratchFolder()));
afterEach(() => rmSync(folder, { recursive: true }));

async function migrate(path: string, migrations: Migrations, upTo = Infinity): Promise<void> {
  const db = new Database<object>(path, 'crash');
  await db.migrate(Object.fromEntries(Object.entries(migrations).slice(0, upTo)));
  db.close();
}

test.for(CASES)(
  'a $name that was filled after $migration comes forward with everything in it',
  async ({ name, migration, index, migrations, changes }) => {
    const path = join(folder, name);
    const fresh = join(folder, `fresh-${name}`);
    await migrate(fresh, migrations);
    await migrate(path, migrations, index + 1);
    seedTables(path);
    const before = tablesIn(path);
    await migrate(path, migrations);
    expect(faultsIn(path)).toEqual([]);
    expect(schemaOf(path)).toEqual(schemaOf(fresh));
    expect(lostIn(before, tablesIn(path), changes(migration))).toEqual([]);
  },
);
