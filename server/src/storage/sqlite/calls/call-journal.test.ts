import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { callId, type CallRecord, organizationId } from '@perch/shared';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { callStoreContract } from '../../../exchange/support/call-store.contract.ts';
import type { CallStore } from '../../../exchange/ports.ts';
import { VirtualClock } from '../../../world/virtual-clock.ts';
import { json } from '../columns.ts';
import { Database } from '../database.ts';
import { CallJournal } from './call-journal.ts';
import { readRecord } from './forms/record-form.ts';
import type { JournaledRecord } from './journaled-record.ts';
import { callRecord, storedCall } from './support/calls.ts';
import { journalMigrations } from './migrations/index.ts';
import type { JournalSchema } from './schema.ts';
import { scratchFolder } from '../../support/scratch-folder.ts';

const organization = organizationId('o');
const other = organizationId('p');

/** A disk that can be told to fail. */
class FickleDatabase extends Database<JournalSchema> {
  failing = false;

  override transaction<Result>(work: () => Result): Result {
    if (this.failing) throw new Error('database or disk is full');
    return super.transaction(work);
  }
}

let folder: string;
const clock = new VirtualClock();
const open: CallJournal[] = [];
const failures: unknown[] = [];

beforeEach(() => {
  folder = scratchFolder();
  failures.length = 0;
});
afterEach(() => {
  for (const journal of open.splice(0)) journal.close();
  rmSync(folder, { recursive: true });
});

async function start(path = join(folder, 'calls.db')) {
  const db = new FickleDatabase(path, 'crash');
  await db.migrate(journalMigrations);
  const journal = new CallJournal(db, 0, clock, (error) => failures.push(error));
  open.push(journal);
  return { db, journal, calls: journal.storeOf(organization) };
}

/** The call is over, and its record written. */
async function finish(calls: CallStore, record: CallRecord) {
  const written = calls.finish(record);
  await clock.advance(20);
  await written;
}

let copies = 0;
/** What a new process would find if this one were killed now: the files as the operating system has them. */
async function afterKill() {
  const copy = join(folder, `copy-${++copies}.db`);
  for (const suffix of ['', '-wal']) cpSync(join(folder, `calls.db${suffix}`), copy + suffix);
  return start(copy);
}

/** The id of the record in a line of the journal. */
const recordIn = (line: string): string => readRecord((JSON.parse(line) as JournaledRecord).record).id;

const recorded = (journal: CallJournal): string[] =>
  (journal.oldestRecords(1000)?.lines.split('\n') ?? []).map(recordIn);

callStoreContract('SQLite', { call: storedCall, record: callRecord }, async () => {
  const { calls } = await start();
  return {
    store: { ...calls, finish: (record) => finish(calls, record) },
    reopen: async () => {
      const later = await afterKill();
      return { store: later.calls, recorded: recorded(later.journal) };
    },
  };
});

test('the writes of one turn are one transaction', async () => {
  const { db, calls } = await start();
  const transaction = vi.spyOn(db, 'transaction');
  await Promise.all([calls.save(storedCall('one')), calls.save(storedCall('two'))]);
  expect(transaction).toHaveBeenCalledTimes(1);
});

test('a record is written with the next call that is saved', async () => {
  const { db, calls } = await start();
  await calls.save(storedCall('one'));
  const transaction = vi.spyOn(db, 'transaction');
  await Promise.all([calls.finish(callRecord('one')), calls.save(storedCall('two'))]);
  expect(transaction).toHaveBeenCalledTimes(1);
  const { journal, calls: found } = await afterKill();
  expect((await found.load()).map((call) => call.id)).toEqual(['two']);
  expect(recorded(journal)).toEqual(['one']);
});

test('a record that no call follows is written all the same, and until then its call is still stored', async () => {
  const { calls } = await start();
  await calls.save(storedCall('one'));
  void calls.finish(callRecord('one'));
  await clock.advance(19);
  const before = await afterKill();
  expect((await before.calls.load()).map((call) => call.id)).toEqual(['one']);
  expect(recorded(before.journal)).toEqual([]);
  await clock.advance(1);
  const after = await afterKill();
  expect(await after.calls.load()).toEqual([]);
  expect(recorded(after.journal)).toEqual(['one']);
});

test('a waiting record is written when the journal closes', async () => {
  const { journal, calls } = await start();
  void calls.finish(callRecord('one'));
  journal.close();
  open.splice(open.indexOf(journal), 1);
  expect(recorded((await start()).journal)).toEqual(['one']);
});

test('calls and records that an earlier version has stored as objects are found', async () => {
  const { db } = await start();
  const call = storedCall('one');
  const ended = storedCall('two');
  for (const [slot, each] of [call, ended].entries())
    db.run(
      db.sql.insertInto('calls').values({ slot, organization_id: organization, call: json.write(each) }),
    );
  const record = JSON.stringify({ sequence: 7, organization, record: callRecord('two') });
  db.run(db.sql.insertInto('records').values({ sequence: 7, record }));
  const { journal, calls } = await afterKill();
  expect(await calls.load()).toEqual([call]);
  expect(recorded(journal)).toEqual(['two']);
});

test('records of one write lie together, are found by their calls after a kill, and are handed over in their order', async () => {
  const { calls } = await start();
  const ids = Array.from({ length: 250 }, (_, index) => String(index));
  await Promise.all(ids.map((id) => calls.save(storedCall(id))));
  const written = ids.map((id) => calls.finish(callRecord(id)));
  await clock.advance(20);
  await Promise.all(written);
  const { journal, calls: found } = await afterKill();
  expect(await found.load()).toEqual([]);
  const handedOver: string[] = [];
  for (let batch = journal.oldestRecords(50); batch !== undefined; batch = journal.oldestRecords(50)) {
    const lines = batch.lines.split('\n');
    expect(lines.length).toBeLessThan(150);
    handedOver.push(...lines.map(recordIn));
    journal.archived(batch.through);
  }
  expect(handedOver).toEqual(ids);
});

test('an organization never loads the calls of another', async () => {
  const { journal, calls } = await start();
  await calls.save(storedCall('one'));
  expect(await journal.storeOf(other).load()).toEqual([]);
});

test('an archived record is forgotten, and its call does not come back', async () => {
  const { journal, calls } = await start();
  await calls.save(storedCall('one'));
  await finish(calls, callRecord('one'));
  journal.archived(journal.oldestRecords(10)?.through ?? NaN);
  const { journal: later, calls: found } = await afterKill();
  expect(await found.load()).toEqual([]);
  expect(recorded(later)).toEqual([]);
});

test('a full disk is reported and ends no call; pending writes are made once there is room', async () => {
  const { db, calls } = await start();
  await calls.save(storedCall('before'));
  db.failing = true;
  await calls.save(storedCall('during'));
  await finish(calls, callRecord('before'));
  expect(failures).toHaveLength(2);
  expect((await (await afterKill()).calls.load()).map((call) => call.id)).toEqual(['before']);
  db.failing = false;
  await clock.advance(1_000);
  const { journal, calls: found } = await afterKill();
  expect((await found.load()).map((call) => call.id)).toEqual(['during']);
  expect(recorded(journal)).toEqual(['before']);
});

type Step =
  | { save: number }
  | { forget: number }
  | { finish: number }
  | { turn: number }
  | { archive: number }
  | { disk: boolean };

test('in any order of events, the live calls and each record once are found after a kill', async () => {
  const id = fc.nat(2);
  const step: fc.Arbitrary<Step> = fc.oneof(
    { weight: 4, arbitrary: fc.record({ save: id }) },
    { weight: 4, arbitrary: fc.record({ finish: id }) },
    { weight: 1, arbitrary: fc.record({ forget: id }) },
    { weight: 5, arbitrary: fc.record({ turn: fc.constantFrom(0, 20) }) },
    { weight: 3, arbitrary: fc.record({ archive: fc.integer({ min: 1, max: 3 }) }) },
    { weight: 1, arbitrary: fc.record({ disk: fc.boolean() }) },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 40, size: 'max' }), async (steps) => {
      const { db, journal, calls } = await start();
      const live = new Map<number, string>();
      const forgotten = new Set<string>();
      const archived: string[] = [];
      const finished: string[] = [];
      let names = 0;
      for (const now of steps) {
        if ('save' in now) {
          const name = live.get(now.save) ?? `call-${++names}`;
          live.set(now.save, name);
          forgotten.delete(name);
          void calls.save(storedCall(name));
        } else if ('forget' in now) {
          const name = live.get(now.forget);
          if (name === undefined) continue;
          forgotten.add(name);
          void calls.forget(callId(name));
        } else if ('finish' in now) {
          const name = live.get(now.finish);
          if (name === undefined) continue;
          live.delete(now.finish);
          finished.push(name);
          void calls.finish(callRecord(name));
        } else if ('turn' in now) {
          await clock.advance(now.turn);
          await new Promise((resolve) => setImmediate(resolve));
        } else if ('disk' in now) {
          db.failing = !now.disk;
        } else if (!db.failing) {
          const batch = journal.oldestRecords(now.archive);
          if (!batch) continue;
          archived.push(...batch.lines.split('\n').map(recordIn));
          journal.archived(batch.through);
          const between = await afterKill();
          const back = (await between.calls.load()).map((call) => call.id as string);
          expect(back.filter((name) => archived.includes(name))).toEqual([]);
        }
      }
      db.failing = false;
      await clock.advance(1_000);
      await new Promise((resolve) => setImmediate(resolve));
      const after = await afterKill();
      expect((await after.calls.load()).map((call) => call.id as string).sort()).toEqual(
        [...live.values()].filter((name) => !forgotten.has(name)).sort(),
      );
      expect([...archived, ...recorded(after.journal)]).toEqual(finished);
      for (const one of open.splice(0)) one.close();
      rmSync(join(folder, 'calls.db'));
    }),
    { numRuns: 60 },
  );
}, 60_000);
