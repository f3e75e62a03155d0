import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { organizationId } from '@perch/shared';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { systemWorld } from '../../../world/world.ts';
import { scratchFolder } from '../../support/scratch-folder.ts';
import { Database } from '../database.ts';
import { openStorage } from '../open-storage.ts';
import { faultsIn, schemaOf, seedTables, type Tables, tablesIn } from '../support/seeded-tables.ts';
import { organizationMigrations } from './index.ts';

const NAMES = Object.keys(organizationMigrations) as (keyof typeof organizationMigrations)[];
/** Tables that have another name today. */
const RENAMED: Readonly<Record<string, string>> = { administrators: 'people' };
/** Columns whose values a migration changes or moves. */
const REWRITTEN = new Set(['terminal_id']);

let folder: string;
let path: string;
/** The schema of a new file. */
let today: readonly string[];

beforeAll(async () => {
  const fresh = join(scratchFolder(), 'perch.db');
  await migrate(fresh, NAMES);
  today = schemaOf(fresh);
  rmSync(dirname(fresh), { recursive: true });
});

beforeEach(() => {
  folder = scratchFolder();
  path = join(folder, 'perch.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Brings a file to where it is after these migrations. */
async function migrate(file: string, names: readonly (keyof typeof organizationMigrations)[]): Promise<void> {
  const db = new Database<object>(file, 'crash');
  await db.migrate(Object.fromEntries(names.map((name) => [name, organizationMigrations[name]])));
  db.close();
}

test.for(NAMES.map((name, index) => [name, index] as const))(
  'a database that was filled after %s comes forward with everything in it',
  async ([, index]) => {
    await migrate(path, NAMES.slice(0, index + 1));
    seedTables(path);
    const before = tablesIn(path);
    expect([...before].filter(([, rows]) => rows.length === 0).map(([table]) => table)).toEqual([]);
    await migrate(path, NAMES);
    expect(faultsIn(path)).toEqual([]);
    expect(withColumnsOf(tablesIn(path), before)).toEqual(withColumnsOf(before, tablesIn(path)));

    expect(schemaOf(path)).toEqual(today);

    const storage = await openStorage(folder, systemWorld, (file) => expect.unreachable(file));
    const [first] = before.get('organizations') ?? [];
    const organization = organizationId(String(first?.['id']));
    expect((await storage.organizations.all()).map(({ id }) => id)).toContain(organization);
    const rows = (table: string) => before.get(table)?.length ?? 0;
    expect(await storage.book(organization).load()).toHaveLength(rows('extensions'));
    const { virtualizations } = await storage.virtualizations(organization).load();
    expect(virtualizations).toHaveLength(rows('virtualizations'));
    const { messages } = await storage.mailboxes(organization).load();
    expect(messages).toHaveLength(rows('voicemail_messages'));
    await storage.close();
  },
);

/** The rows of the tables that both have, with the columns that both have, in an order of their own. */
const withColumnsOf = (tables: Tables, others: Tables): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(
    [...tables].flatMap(([table, rows]) => {
      const name = RENAMED[table] ?? table;
      const [earlier] = [...others].filter(([other]) => (RENAMED[other] ?? other) === name);
      const [like] = earlier?.[1] ?? [];
      if (!like) return [];
      const shared = (row: object) =>
        JSON.stringify(
          Object.entries(row)
            .filter(([column]) => column in like && !REWRITTEN.has(column))
            .toSorted(([one], [other]) => one.localeCompare(other)),
        );
      return [[name, rows.map(shared).toSorted()]];
    }),
  );
