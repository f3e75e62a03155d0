import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { organizationId } from '@perch/shared';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { systemWorld } from '../../../world/world.ts';
import { scratchFolder } from '../../support/scratch-folder.ts';
import { Database } from '../database.ts';
import { openStorage } from '../open-storage.ts';
import { faultsIn, lostIn, schemaOf, seedTables, tablesIn } from '../support/seeded-tables.ts';
import { organizationMigrations } from './index.ts';

const NAMES = Object.keys(organizationMigrations) as (keyof typeof organizationMigrations)[];
const CHANGES = {
  renamed: { administrators: 'people' },
  rewritten: ['terminal_id'],
  dropped: [],
};

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
    expect(lostIn(before, tablesIn(path), CHANGES)).toEqual([]);

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
