import { rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AuditSearch } from '../../../management/audit-repository.ts';
import { scratchFolder } from '../../support/scratch-folder.ts';
import { boundsWithin, entriesOf, searched, STRETCH } from './audit-search.ts';
import { json } from '../columns.ts';
import { Database } from '../database.ts';
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

let organizations = 0;

interface Given {
  readonly at: number;
  readonly who: string;
  readonly about: string | null;
  readonly action: string;
}

/** An organization with these entries. @returns its id. */
function write(entries: readonly Given[]): string {
  const organization = `organization-${String(++organizations)}`;
  const of = { organization_id: organization };
  db.transaction(() => {
    db.run(
      db.sql.insertInto('organizations').values({
        ...{ id: organization, name: organization, domain: `${organization}.test` },
        ...{ emergency_numbers: json.write([]), created_at: 0 },
      }),
    );
    for (const [index, given] of entries.entries())
      db.run(
        db.sql.insertInto('audit').values({
          ...{ ...of, ...given, position: index + 1, address: null, result: 'done', seal: 's' },
          ...{ before: json.write(null), after: json.write(null) },
        }),
      );
    db.run(db.sql.insertInto('audit_heads').values({ ...of, position: entries.length, seal: 's' }));
  });
  return organization;
}

const actions = ['takeOver', 'goHome', 'invitePerson'] as const;
const entry = fc.record({
  // A clock may be set back.
  at: fc.nat(30),
  who: fc.constantFrom('101', '102', 'Root_%'),
  about: fc.constantFrom('101', '102', null),
  action: fc.constantFrom(...actions),
});
const search = fc.record(
  {
    text: fc.constantFrom('', '10', '101', '_%', 'nobody'),
    action: fc.subarray([...actions], { minLength: 1 }).map((some) => some.join(',')),
    from: fc.nat(30),
    until: fc.nat(30),
    before: fc.nat(30),
  },
  { requiredKeys: [] },
);

const isFound = ({ at, who, about, action }: Given, position: number, asked: AuditSearch): boolean =>
  at >= (asked.from ?? 0) &&
  at < (asked.until ?? Infinity) &&
  position < (asked.before ?? Infinity) &&
  (asked.action === undefined || asked.action.split(',').includes(action)) &&
  [who, about].some((each) => each?.includes(asked.text ?? '') === true);

test('any search finds the latest entries that have it, and no others', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(entry, { maxLength: 20 }),
      search,
      fc.integer({ min: 1, max: 9 }),
      async (entries, asked, limit) => {
        const found = await searched(db, write(entries), asked, limit);
        const expected = entries.flatMap((each, index) =>
          isFound(each, index + 1, asked) ? [index + 1] : [],
        );
        expect(found.map(({ position }) => position)).toEqual(expected.reverse().slice(0, limit));
      },
    ),
  );
});

test('a text is found however long ago it was', async () => {
  const entries = Array.from({ length: 2 * STRETCH + 2 }, (_, at) => ({
    ...{ at, who: at === 0 ? 'Ada' : 'Ben', about: null, action: 'takeOver' },
  }));
  const organization = write(entries);
  expect(await searched(db, organization, { text: 'Ada' }, 5)).toMatchObject([{ position: 1 }]);
});

test('no search reads all entries, but what an index leads to', () => {
  const bounds = { first: 1, last: 9 };
  const time = { from: 1, until: 5 };
  const SEARCH = /^SEARCH audit USING (.*)$/;
  const planned = (query: Parameters<typeof planOf>[1]) =>
    planOf(db, query).map((step) => SEARCH.exec(step)?.[1] ?? step);
  expect(planned(boundsWithin(db, 'o', time))).toEqual([
    'COVERING INDEX audit_at (organization_id=? AND at>? AND at<?)',
  ]);
  expect(planned(entriesOf(db, 'o', time, bounds, undefined))).toEqual([
    'INDEX sqlite_autoindex_audit_1 (organization_id=? AND position>? AND position<?)',
  ]);
  expect(planned(entriesOf(db, 'o', time, bounds, 'takeOver'))).toEqual([
    'INDEX audit_action (organization_id=? AND action=? AND position>? AND position<?)',
  ]);
});
