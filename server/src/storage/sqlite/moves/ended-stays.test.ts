import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { organizationId } from '@perch/shared';
import fc from 'fast-check';
import { sql as raw } from 'kysely';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { scratchFolder } from '../../support/scratch-folder.ts';
import { json } from '../columns.ts';
import { Database } from '../database.ts';
import { organizationMigrations } from '../migrations/index.ts';
import type { OrganizationSchema } from '../schema.ts';
import { planOf } from '../support/query-plan.ts';
import { EndedStays, staysEnded } from './ended-stays.ts';

const DAY = 86_400_000;
const [OURS, THEIRS] = [organizationId('ours'), organizationId('theirs')];

let folder: string;
let db: Database<OrganizationSchema>;
beforeEach(async () => {
  folder = scratchFolder();
  db = new Database(join(folder, 'perch.db'), 'crash');
  await db.migrate(organizationMigrations);
  for (const id of [OURS, THEIRS])
    db.run(
      db.sql.insertInto('organizations').values({
        ...{ id, name: id, domain: `${id}.test`, emergency_numbers: json.write([]), created_at: 0 },
      }),
    );
});
afterEach(() => {
  db.close();
  rmSync(folder, { recursive: true });
});

function begin(organization: string, extension: string, since: number, until: number | null = null): void {
  const desk = { desk_id: 'desk', desk_number: '201', desk_name: 'Desk', terminal_id: 'phone' };
  db.run(
    db.sql.insertInto('desk_stays').values({
      ...{ organization_id: organization, extension_id: extension, number: '101', name: 'Ada', ...desk },
      ...{ since, way: 'dialled', until, ended_by: null, ended_way: null, ender: null },
    }),
  );
}

/** The first that goes on. */
const end = (until: number): void => {
  const open = db.first(db.sql.selectFrom('desk_stays').select('sequence').where('until', 'is', null));
  if (open) db.run(db.sql.updateTable('desk_stays').set({ until }).where('sequence', '=', open.sequence));
};
const rename = (): void => void db.run(db.sql.updateTable('desk_stays').set({ name: 'Somebody else' }));
const forget = (before: number): void =>
  void db.run(db.sql.deleteFrom('desk_stays').where('until', '<', before));
/** What was to happen in one transaction, and did not. */
function fail(): void {
  const work = () => {
    begin(OURS, 'never', 1, 2);
    end(3);
    throw new Error('the disk');
  };
  expect(() => void db.transaction(work)).toThrow('the disk');
}

/** As they are in the file. */
const stored = (organization: string): readonly string[] =>
  db
    .all(db.sql.selectFrom('desk_stays').selectAll().where('organization_id', '=', organization))
    .flatMap(({ extension_id: extension, terminal_id: terminal, since, until }) =>
      until === null ? [] : [`${extension} ${terminal} ${String(since)} ${String(until)}`],
    )
    .toSorted();

async function read(from: EndedStays, organization: string): Promise<readonly string[]> {
  const { pairs, pair, since, until } = await from.of(organization);
  return pair
    .map((place, stay) =>
      [pairs[place]?.extension, pairs[place]?.terminal, since[stay], until[stay]].join(' '),
    )
    .toSorted();
}

const at = fc.nat(20).map((days) => days * DAY);
const change = fc.oneof(
  fc.tuple(fc.constantFrom(OURS, THEIRS), fc.constantFrom('one', 'two'), at).map((stay) => () => {
    begin(...stay);
  }),
  at.map((until) => () => {
    begin(OURS, 'one', 0, until);
  }),
  at.map((until) => () => {
    end(until);
  }),
  at.map((before) => () => {
    forget(before);
  }),
  fc.constantFrom(rename, fail),
);

test('whatever changes, before they are read, meanwhile and afterwards, they are those of the file', async () => {
  const all = fc.array(change, { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(all, all, all, async (before, meanwhile, after) => {
      db.run(db.sql.deleteFrom('desk_stays'));
      const stays = new EndedStays(db);
      for (const happens of before) happens();
      const reading = [read(stays, OURS), read(stays, OURS)];
      for (const happens of meanwhile) {
        happens();
        await new Promise((resolve) => void setImmediate(resolve));
      }
      await Promise.all(reading);
      expect(await read(stays, OURS)).toEqual(stored(OURS));
      for (const happens of after) {
        happens();
        expect(await read(stays, OURS)).toEqual(stored(OURS));
        expect(await read(stays, THEIRS)).toEqual(stored(THEIRS));
      }
    }),
    { numRuns: 60 },
  );
});

test('a stay that ends on a day that has still to be read is there once', async () => {
  begin(OURS, 'guest', 0, DAY);
  begin(OURS, 'guest', 0, 9 * DAY);
  begin(OURS, 'guest', 2 * DAY);
  const stays = new EndedStays(db);
  const reading = read(stays, OURS);
  end(8 * DAY);
  expect(await reading).toEqual(stored(OURS));
});

test('what is deleted while several read is there for none of them', async () => {
  begin(OURS, 'gone', 0, DAY);
  begin(OURS, 'guest', 0, 9 * DAY);
  const stays = new EndedStays(db);
  const readers = [read(stays, OURS), read(stays, OURS), read(stays, OURS)];
  forget(2 * DAY);
  for (const found of await Promise.all(readers)) expect(found).toEqual(stored(OURS));
});

test('where reading has failed, the next one reads anew', async () => {
  const stays = new EndedStays(db);
  begin(OURS, 'guest', 0, DAY);
  const all = vi.spyOn(db, 'all').mockImplementationOnce(() => {
    throw new Error('the disk');
  });
  await expect(read(stays, OURS)).rejects.toThrow('the disk');
  all.mockRestore();
  expect(await read(stays, OURS)).toEqual(stored(OURS));
});

test('of an organization that nobody has asked for, nothing is noted', async () => {
  const stays = new EndedStays(db);
  await stays.of(OURS);
  begin(OURS, 'guest', 0, DAY);
  begin(THEIRS, 'guest', 0, DAY);
  const noted = raw<{ organization: string }>`select organization from temp.stay_changes`;
  expect(db.all({ compile: () => noted.compile(db.sql) })).toEqual([{ organization: OURS }]);
});

test.for([null, { after: 1, through: 2 }])(
  'stays that ended in a time are read from an index alone: %j',
  (ended) => {
    expect(planOf(db, staysEnded(db, 'o', ended))).toEqual([
      expect.stringMatching(
        /^SEARCH desk_stays USING COVERING INDEX desk_stays_ends \(organization_id=\? AND until(=\?|>\? AND until<\?)\)$/,
      ),
    ]);
  },
);
