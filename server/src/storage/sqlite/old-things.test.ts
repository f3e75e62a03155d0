import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { extensionId, KEPT_FOR_EVER } from '@perch/shared';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { VirtualizationRecord } from '../../exchange/virtualization/record.ts';
import { Audit } from '../../management/audit.ts';
import { aCall } from '../../records/support/test-records.ts';
import { Nightly } from '../../retention/nightly.ts';
import { seededChance } from '../../world/seeded-chance.ts';
import { VirtualClock } from '../../world/virtual-clock.ts';
import type { Storage } from '../storage.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { rowAt, rowsOf } from './calls/support/summed.ts';
import { Database } from './database.ts';
import { oldest } from './old-things.ts';
import { openStorage } from './open-storage.ts';
import type { OrganizationSchema } from './schema.ts';
import { createOrganizations, ours, theirs } from './support/organizations.ts';
import { planOf } from './support/query-plan.ts';

/** A thread that starts on a busy machine takes its time (milliseconds). */
const PATIENCE = 30_000;

let folder: string;
let storage: Storage;
const open: Storage[] = [];
let clock: VirtualClock;

beforeEach(async () => {
  folder = scratchFolder();
  clock = new VirtualClock();
  storage = await openStorage(folder, { clock, chance: seededChance('old') }, (file, error) => {
    throw new Error(file, { cause: error });
  });
  open.push(storage);
  await createOrganizations(storage, ['ada', 'ben']);
});
const stop = async () => {
  for (const each of open.splice(0)) await each.close();
};
afterEach(async () => {
  await stop();
  rmSync(folder, { recursive: true });
});

test(
  'calls that are older go with their parts and the sums of their days, the oldest first; those of others stay',
  async () => {
    const write = async (organization: typeof ours, id: string, startedAt: number) => {
      const written = storage.calls(organization).finish(aCall(id, { startedAt }));
      await clock.advance(20);
      await written;
    };
    for (const [index, id] of ['a', 'b', 'c', 'd'].entries()) await write(ours, id, 1_000 + index);
    await write(theirs, 'theirs', 1_000);
    const kept = async (organization: typeof ours) => {
      const { records } = await storage
        .records(organization)
        .calls({ extensions: [extensionId('extension-101')] }, 9);
      return records.map(({ id }) => id);
    };
    expect(await kept(ours)).toEqual(['d', 'c', 'b', 'a']);
    const old = storage.oldThings(ours);
    expect(await old.calls(1_003, 2)).toBe(2);
    expect(await kept(ours)).toEqual(['d', 'c']);
    expect(await old.calls(1_003, 2)).toBe(1);
    expect(await old.calls(1_003, 2)).toBe(0);
    expect(await kept(ours)).toEqual(['d']);
    expect(await kept(theirs)).toEqual(['theirs']);
    const windows = [{ from: 0, until: 86_400_000 }];
    const wanted = { windows, rows: rowsOf(['101', '102']) };
    const left = await storage.additions(ours).calls(wanted);
    const all = await storage.additions(theirs).calls(wanted);
    expect(rowAt(left, 0)).toMatchObject({ outgoing: 1 });
    expect(left).toEqual(all);
  },
  PATIENCE,
);

const stay = (since: number) =>
  ({ virtual: extensionId('ada'), base: extensionId('ben'), since, by: 'dialled' }) as const;

/** Ada has been at Ben's desk from 1 to 2, and is there again since 3. */
async function moveAround(): Promise<void> {
  const at = (time: number): VirtualizationRecord => ({
    ...{ at: time, action: 'move', way: 'dialled', who: null, terminal: null, asked: '100' },
    ...{ extension: extensionId('ada'), previousGuest: null, result: 'accepted', endings: [] },
  });
  const store = storage.virtualizations(ours);
  await store.commit({ ended: [], begun: [stay(1)], buckets: [], record: at(1) });
  await store.commit({ ended: [stay(1)], begun: [], buckets: [], record: at(2) });
  await store.commit({ ended: [], begun: [stay(3)], buckets: [], record: at(3) });
}

/** Only the stay that goes on is left. */
async function expectMovesForgotten(): Promise<void> {
  expect((await storage.stays(ours).page({}, 9)).records.map(({ from }) => from)).toEqual([3]);
  expect((await storage.records(ours).virtualizations({}, 9)).records).toEqual([]);
  expect((await storage.virtualizations(ours).load()).virtualizations).toEqual([stay(3)]);
}

test.for([
  [1, [1, 1, 1, 1]],
  [3, [3, 1]],
  [9, [4]],
] as const)(
  'stays that ended and attempts that were made before go, %i at most in a step; a stay that goes on is never old',
  async ([most, steps]) => {
    await moveAround();
    const old = storage.oldThings(ours);
    const tidied = [];
    for (let count = await old.moves(1_000, most); count > 0; count = await old.moves(1_000, most))
      tidied.push(count);
    expect(tidied).toEqual(steps);
    await expectMovesForgotten();
  },
);

test(
  'one night deletes the few stays that are old and the attempts of the same time',
  async () => {
    await moveAround();
    const night = new VirtualClock(Date.parse('2026-11-27T02:00:00Z'));
    const retention = { ...KEPT_FOR_EVER, recordDays: 7 };
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const nightly = new Nightly(
      {
        keepings: async () => [{ organization: ours, retention, timeZone: 'UTC' }],
        oldThings: (organization) => storage.oldThings(organization),
        deleted: async (_, what) => resolve(what),
        failed: reject,
      },
      night,
    );
    await night.advance(3_600_000);
    const deleted = await promise;
    await nightly.close();
    expect(deleted).toEqual({ calls: 0, moves: 4, audit: 0 });
    await expectMovesForgotten();
  },
  PATIENCE,
);

test('old entries of the audit go, and the chain begins after them; nothing else can be taken from it', async () => {
  const audit = new Audit(storage.audit, clock);
  const note = async (about: string) => {
    await clock.advance(1_000);
    const noted = { who: 'boss', address: null, action: 'changeExtension', about, result: 'done' };
    await audit.note(ours, { ...noted, before: null, after: null });
  };
  for (const about of ['1', '2', '3', '4', '5']) await note(about);
  expect(await audit.check(ours)).toMatchObject({ entries: 5, forgottenThrough: 0, brokenAt: null });
  const before = clock.now() - 1_500;
  const old = storage.oldThings(ours);
  expect(await old.audit(before, 2)).toBe(2);
  expect(await audit.check(ours)).toMatchObject({ entries: 3, forgottenThrough: 2, brokenAt: null });
  expect(await old.audit(before, 2)).toBe(1);
  expect(await old.audit(before, 2)).toBe(0);
  await note('6');
  const checked = await audit.check(ours);
  expect(checked).toMatchObject({ entries: 3, forgottenThrough: 3, brokenAt: null });
  const { entries } = await audit.read(ours, {}, 9);
  expect(entries.map(({ position, about }) => [position, about])).toEqual([
    [6, '6'],
    [5, '5'],
    [4, '4'],
  ]);

  await stop();
  const db = new Database<OrganizationSchema>(join(folder, 'perch.db'), 'crash');
  const removal = db.sql.deleteFrom('audit').where('position', '=', 4);
  expect(() => db.run(removal)).toThrow('never changed or removed');
  db.close();
});

test('everything may be old: the chain goes on from the seal that is kept', async () => {
  const audit = new Audit(storage.audit, clock);
  const noted = { who: 'boss', address: null, action: 'x', about: null, result: 'done' };
  const note = () => audit.note(ours, { ...noted, before: null, after: null });
  await note();
  await clock.advance(1_000);
  expect(await storage.oldThings(ours).audit(clock.now(), 9)).toBe(1);
  expect(await audit.check(ours)).toMatchObject({ entries: 0, forgottenThrough: 1, brokenAt: null });
  await note();
  expect(await audit.check(ours)).toMatchObject({ entries: 1, forgottenThrough: 1, brokenAt: null });
});

test.for([
  ['desk_stays', 'until', 'desk_stays_ends'],
  ['virtualization_records', 'at', 'virtualization_records_at'],
] as const)(
  'what is old of %s is found by an index, so that no night reads all',
  async ([table, time, index]) => {
    await stop();
    const db = new Database<OrganizationSchema>(join(folder, 'perch.db'), 'crash');
    expect(planOf(db, oldest(db, ours, table, time, 5))).toEqual([
      `SEARCH ${table} USING COVERING INDEX ${index} (organization_id=? AND ${time}<?)`,
    ]);
    db.close();
  },
);
