import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type ExtensionId, extensionId, organizationId } from '@perch/shared';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { scratchFolder } from '../support/scratch-folder.ts';
import { OrganizationAdditions, staysOf } from './additions.ts';
import { json } from './columns.ts';
import { Database } from './database.ts';
import { EndedStays } from './moves/ended-stays.ts';
import { organizationMigrations } from './migrations/index.ts';
import type { OrganizationSchema } from './schema.ts';
import type { Clock } from '../../world/clock.ts';
import { systemWorld } from '../../world/world.ts';
import { planOf } from './support/query-plan.ts';

const OURS = organizationId('ours');
const MANY = Array.from({ length: 60 }, (_, index) => extensionId(index === 0 ? 'three' : String(index)));

let folder: string;
let db: Database<OrganizationSchema>;
let endedStays: EndedStays;
beforeAll(async () => {
  folder = scratchFolder();
  db = new Database(join(folder, 'perch.db'), 'crash');
  await db.migrate(organizationMigrations);
  endedStays = new EndedStays(db);
  db.run(
    db.sql.insertInto('organizations').values({
      ...{ id: OURS, name: 'Ours', domain: 'ours.test', emergency_numbers: json.write([]), created_at: 0 },
    }),
  );
});
afterAll(() => {
  db.close();
  rmSync(folder, { recursive: true });
});

const additionsAt = (clock: Pick<Clock, 'now'>) =>
  new OrganizationAdditions({ db, archive: undefined as never, endedStays, clock: clock as Clock }, OURS);

test('the stays of some extensions are read from an index alone', () => {
  expect(planOf(db, staysOf(db, 'o', ['one', 'two']))).toEqual([
    'SEARCH desk_stays USING COVERING INDEX desk_stays_pairs (organization_id=? AND extension_id=?)',
  ]);
});

const HOUR = 3_600_000;
/** Some of what is asked for is long ago. */
const STEP = 48 * HOUR;

function write(extension: string, terminal: string, since: number, until: number | null): void {
  const desk = { desk_id: 'desk', desk_number: '201', desk_name: 'Desk' };
  db.run(
    db.sql.insertInto('desk_stays').values({
      ...{ organization_id: OURS, extension_id: extension, number: '101', name: 'Ada', ...desk },
      ...{ terminal_id: terminal, since, way: 'dialled', until },
      ...{ ended_by: null, ended_way: null, ender: null },
    }),
  );
}

const edges = (maxLength: number) =>
  fc.uniqueArray(fc.nat(100), { minLength: 2, maxLength }).map((all) => all.toSorted((a, b) => a - b));
const stays = fc.array(
  fc.record({
    extension: fc.constantFrom('one', 'two', 'three'),
    terminal: fc.constantFrom('phone-1', 'phone-2'),
    since: fc.nat(80),
    hours: fc.option(fc.nat(30)),
  }),
  { maxLength: 12 },
);

test('whatever the windows, each part of a stay is counted once, and one that goes on counts until now', async () => {
  const now = 90;
  const additions = additionsAt({ now: () => now * STEP });
  const run = async (
    all: typeof stays extends fc.Arbitrary<infer All> ? All : never,
    bounds: readonly number[],
    extensions: readonly ExtensionId[] | undefined,
  ) => {
    db.run(db.sql.deleteFrom('desk_stays'));
    for (const { extension, terminal, since, hours } of all)
      write(extension, terminal, since * STEP, hours === null ? null : (since + hours) * STEP);
    // Each second one is left out, but for the last two, which follow each other.
    const windows = bounds.slice(1).flatMap((until, index) => {
      const isThere = index % 2 === 0 || index === bounds.length - 2;
      return isThere ? [{ from: (bounds[index] ?? 0) * STEP, until: until * STEP }] : [];
    });
    const counted = new Map<string, number>();
    for (const { extension, terminal, since, hours } of all)
      for (let hour = since; hour < (hours === null ? now : since + hours); hour++) {
        if (!windows.some(({ from, until }) => hour * STEP >= from && hour * STEP < until)) continue;
        if (extensions?.includes(extensionId(extension)) === false) continue;
        const key = `${extension} ${terminal}`;
        counted.set(key, (counted.get(key) ?? 0) + STEP);
      }
    const found = await additions.loggedIn({ windows, ...(extensions && { extensions }) });
    const sums = new Map<string, number>();
    for (const { extension, terminal, ms } of found) {
      const key = `${extension} ${terminal}`;
      sums.set(key, (sums.get(key) ?? 0) + ms);
    }
    expect(sums).toEqual(counted);
  };
  const some = fc.constantFrom(undefined, [], [extensionId('two')], MANY);
  await fc.assert(fc.asyncProperty(stays, edges(8), some, run));
});

test('the stays of many extensions are all found, though they are added up some at a time', async () => {
  db.run(db.sql.deleteFrom('desk_stays'));
  const many = Array.from({ length: 12_000 }, (_, index) => `extension-${String(index)}`);
  db.transaction(() => {
    for (const extension of many) write(extension, 'phone', 0, HOUR);
  });
  const found = await additionsAt(systemWorld.clock).loggedIn({ windows: [{ from: 0, until: HOUR }] });
  expect(found.map(({ extension }) => extension).toSorted()).toEqual(many.toSorted());
});
