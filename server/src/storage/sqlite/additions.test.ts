import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { CompiledQuery } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { scratchFolder } from '../support/scratch-folder.ts';
import { endedStays, openStays } from './additions.ts';
import { Database } from './database.ts';
import { organizationMigrations } from './migrations/index.ts';
import type { OrganizationSchema } from './schema.ts';

let folder: string;
let db: Database<OrganizationSchema>;
beforeAll(async () => {
  folder = scratchFolder();
  db = new Database(join(folder, 'perch.db'), 'crash');
  await db.migrate(organizationMigrations);
});
afterAll(() => {
  db.close();
  rmSync(folder, { recursive: true });
});

/** How SQLite answers that query, a step a line. */
function planOf(query: { compile(): CompiledQuery }): readonly string[] {
  const { sql, ...rest } = query.compile();
  const explained = { compile: () => ({ ...rest, sql: `explain query plan ${sql}` }) };
  return db.all<{ detail: string }>(explained as never).map(({ detail }) => detail);
}

test('the times of stays are read from an index alone, in its order', () => {
  expect(planOf(endedStays(db, 'o', { until: 1, sequence: 2 }, 10))).toEqual([
    expect.stringMatching(
      /^SEARCH desk_stays USING COVERING INDEX desk_stays_times \(organization_id=\? AND /,
    ),
  ]);
  expect(planOf(openStays(db, 'o'))).toEqual([
    expect.stringMatching(/^SEARCH desk_stays USING (COVERING )?INDEX desk_stays_(times|open) \(/),
  ]);
});
