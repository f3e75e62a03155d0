import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type AuditEntry, extensionId, organizationId, terminalId } from '@perch/shared';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { entryWithout } from '../../../personal/erased-entry.ts';
import type { Person } from '../../../personal/person.ts';
import { scratchFolder } from '../../support/scratch-folder.ts';
import { json } from '../columns.ts';
import { Database } from '../database.ts';
import { organizationMigrations } from '../migrations/index.ts';
import type { OrganizationSchema } from '../schema.ts';
import { auditOf, STEP } from './audit-erasure.ts';

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

const NAME = 'Zoë "Zip" O’Hara';
const person: Person = {
  id: 'extension-101',
  extension: {
    ...{ id: extensionId('extension-101'), terminal: terminalId('phone-101'), number: '101', name: NAME },
    ...{ createdAt: 5_000, deletedAt: 9_000 },
  },
  accounts: [{ id: 'account-zoe', email: 'zoe@demo.test' }],
  names: [NAME, 'Zoë \\ at home'],
};
const accountAlone: Person = { ...person, id: 'account-zoe', extension: null, names: [] };

const word = fc.constantFrom(
  ...[
    '101',
    '1010',
    NAME,
    'Zoë \\ at home',
    'zoe@demo.test',
    'zoe@demo.test (token “backup”)',
    'account-zoe',
  ],
  ...['Zoë', 'Ben', '102', 'ben@demo.test', `Desk of ${NAME}`, 'always 101, unanswered 102 15'],
);
const facts = fc.option(
  fc.dictionary(
    fc.constantFrom('name', 'forwards', 'extension', 'groups'),
    fc.oneof(word, fc.array(word, { maxLength: 2 }), fc.constant(null)),
    { maxKeys: 3 },
  ),
);
const entry = fc.record({
  at: fc.integer({ min: 0, max: 15_000 }),
  who: word,
  address: fc.constantFrom(null, '192.0.2.1'),
  action: fc.constant('changeExtension'),
  about: fc.option(word),
  result: fc.constant('done'),
  before: facts,
  after: facts,
});

/** Around the end of a step. */
const FIRST = STEP - 3;
let organizations = 0;

/** An organization with these entries. */
function write(entries: readonly Omit<AuditEntry, 'position' | 'seal'>[]) {
  const organization = organizationId(`organization-${String(++organizations)}`);
  const of = { organization_id: organization };
  const all = entries.map((each, index): AuditEntry => ({ ...each, position: FIRST + index, seal: 's' }));
  db.transaction(() => {
    db.run(
      db.sql.insertInto('organizations').values({
        ...{ id: organization, name: organization, domain: `${organization}.test` },
        ...{ emergency_numbers: json.write([]), created_at: 0 },
      }),
    );
    for (const { before, after, ...rest } of all)
      db.run(
        db.sql
          .insertInto('audit')
          .values({ ...of, ...rest, before: json.write(before), after: json.write(after) }),
      );
    db.run(db.sql.insertInto('audit_heads').values({ ...of, position: FIRST + all.length - 1, seal: 's' }));
  });
  return { organization, all };
}

test.for([
  ['somebody with an extension', person],
  ['an account alone', accountAlone],
] as const)('every entry that names %s is found, and no other', ([, whose]) =>
  fc.assert(
    fc.asyncProperty(fc.array(entry, { minLength: 1, maxLength: 12 }), async (entries) => {
      const { organization, all } = write(entries);
      const found: AuditEntry[] = [];
      for await (const each of auditOf(db, { organization, person: whose })) found.push(each);
      expect(found).toEqual(all.filter((each) => entryWithout(each, whose) !== each));
    }),
  ),
);

test('others have their turn after each step', async () => {
  const { organization } = write(
    Array.from({ length: 6 }, () => ({
      ...{ at: 6_000, who: '101', address: null, action: 'goHome', about: null, result: 'done' },
      ...{ before: null, after: null },
    })),
  );
  const seen: (number | string)[] = [];
  for await (const { position } of auditOf(db, { organization, person })) {
    if (seen.length === 0) setImmediate(() => seen.push('another'));
    seen.push(position);
  }
  expect(seen.indexOf('another')).toBe(4);
  expect(seen).toHaveLength(7);
});
