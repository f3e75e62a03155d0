import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { extensionId, organizationId } from '@perch/shared';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { scratchFolder } from '../../support/scratch-folder.ts';
import { Database } from '../database.ts';
import { staysOf } from './desk-stays.ts';
import { organizationMigrations } from '../migrations/index.ts';
import type { OrganizationSchema } from '../schema.ts';
import { planOf } from '../support/query-plan.ts';

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

const somebody = extensionId('extension-101');
const everyone = Array.from({ length: 500 }, (_, index) => extensionId(`extension-${String(index)}`));

test.for([
  [{}, /since \(organization_id=\? AND (since<|\(since,sequence\)<)/],
  [{ from: 1, until: 9 }, /since \(organization_id=\? AND since>\? AND (since<|\(since,sequence\)<)/],
  [{ desk: somebody }, /desk \(organization_id=\? AND desk_id=\? AND /],
  [{ extensions: [somebody] }, /(extension|pairs) \(organization_id=\? AND extension_id=\? AND /],
  [
    { extensions: everyone },
    /(extension|pairs|since) \(organization_id=\? AND (extension_id=\?|since<|\(since,sequence\)<)/,
  ],
  [
    { extensions: [somebody], desk: somebody, from: 1 },
    /(extension|desk) \(organization_id=\? AND \w+_id=\? AND /,
  ],
] as const)('no page of stays reads all of them: %j', ([filter, index]) => {
  const wanted = { organization: organizationId('o'), before: { since: 10, sequence: 1 }, limit: 51 };
  const plan = planOf(db, staysOf(db, { ...wanted, filter }));
  const steps = plan.filter((step) => /desk_stays/.test(step));
  expect(steps).toHaveLength(2);
  expect(steps[0]).toBe('SEARCH desk_stays USING INTEGER PRIMARY KEY (rowid=?)');
  expect(steps[1]).toMatch(
    new RegExp(`^SEARCH desk_stays USING (COVERING )?INDEX desk_stays_${index.source}`),
  );
});
