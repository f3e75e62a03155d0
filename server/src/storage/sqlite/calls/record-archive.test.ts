import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type CallRecord, organizationId } from '@perch/shared';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { CallStore } from '../../../exchange/ports.ts';
import { VirtualClock } from '../../../world/virtual-clock.ts';
import type { Kysely } from 'kysely';
import { faultsInRecord } from '../../../exchange/call/support/record-faults.ts';
import type { Added } from '../../../records/ports.ts';
import { aCall, madePart } from '../../../records/support/test-records.ts';
import { json } from '../columns.ts';
import { Database } from '../database.ts';
import type { EarlierCallRecord } from './earlier-records.ts';
import * as archive001 from './migrations/archive-001.ts';
import { readRecord } from './forms/record-form.ts';
import { CallJournal } from './call-journal.ts';
import { callRecord, storedCall } from './support/calls.ts';
import { journalMigrations } from './migrations/index.ts';
import { rowsOf, windowAt } from './support/summed.ts';
import { DAY_MS } from './sums/sheet.ts';
import { prepareArchive, RecordArchive } from './record-archive.ts';
import type { ArchiveSchema, JournalSchema } from './schema.ts';
import { scratchFolder } from '../../support/scratch-folder.ts';

const organization = organizationId('o');
/** A thread that starts on a busy machine takes its time (milliseconds). */
const PATIENCE = 30_000;

const missed = madePart('102', { role: 'callee', result: 'missed' });

let folder: string;
let clock: VirtualClock;
const failures: unknown[] = [];
const open: { journal: CallJournal; archive: RecordArchive }[] = [];

beforeEach(() => {
  folder = scratchFolder();
  failures.length = 0;
  clock = new VirtualClock();
});
afterEach(async () => {
  await stop();
  rmSync(folder, { recursive: true });
});

async function start(journalFile = 'calls.db') {
  const failed = (error: unknown) => failures.push(error);
  const db = new Database<JournalSchema>(join(folder, journalFile), 'crash');
  await db.migrate(journalMigrations);
  const archived = await prepareArchive(join(folder, 'records.db'));
  const journal = new CallJournal(db, archived, clock, failed);
  const archive = new RecordArchive(join(folder, 'records.db'), journal, clock, failed);
  open.push({ journal, archive });
  return { journal, archive, calls: journal.storeOf(organization) };
}

async function stop() {
  for (const { journal, archive } of open.splice(0)) {
    await archive.close();
    journal.close();
  }
}

/** The call is over, and its record in the journal. */
async function finish(calls: CallStore, record: CallRecord) {
  const written = calls.finish(record);
  await clock.advance(20);
  await written;
}

/** Lets the archive do its rounds until the journal has nothing left for it. */
async function archived(journal: CallJournal) {
  await clock.advance(1_000);
  await vi.waitFor(() => expect(journal.oldestRecords(1)).toBeUndefined(), {
    timeout: PATIENCE,
    interval: 5,
  });
}

/** What another process would find. */
async function records() {
  await stop();
  const db = new Database<ArchiveSchema>(join(folder, 'records.db'), 'crash');
  try {
    return db.all(db.sql.selectFrom('call_records').selectAll().orderBy('sequence'));
  } finally {
    db.close();
  }
}

test(
  'a record comes to the archive whole',
  async () => {
    const { journal, calls } = await start();
    const one = { ...callRecord('one'), dialled: '1\n"2"' };
    const two = aCall('two', { result: 'homeless', answeredAt: null, callee: null, parts: [missed] });
    await finish(calls, one);
    await finish(calls, two);
    await archived(journal);
    const rows = await records();
    expect(rows).toMatchObject([
      { sequence: 1, started_at: one.startedAt, result: 'answered' },
      { sequence: 2, result: 'homeless' },
    ]);
    expect(rows.map(({ record }) => readRecord(json.read(record)))).toEqual([one, two]);
    expect(failures).toEqual([]);
  },
  PATIENCE,
);

test(
  'what an earlier version has archived and journaled is kept, as records of today',
  async () => {
    const db = new Database<ArchiveSchema>(join(folder, 'records.db'), 'crash');
    await db.migrate({ '001': archive001 });
    const old = db.sql as unknown as Kysely<{ call_records: ArchiveSchema['earlier_call_records'] }>;
    const row = {
      ...{ organization_id: 'o', caller_extension: 'a', caller_terminal: 'phone-a', dialled: '102' },
      ...{ callee_extension: 'b', callee_terminal: 'phone-b', ended_at: 9_000 },
    };
    const answered = {
      sequence: 1,
      id: 'one',
      started_at: 1_000,
      answered_at: 3_000,
      outcome: 'answered',
    } as const;
    const missed = {
      sequence: 2,
      id: 'two',
      started_at: 2_000,
      answered_at: null,
      outcome: 'no-answer',
    } as const;
    for (const each of [answered, missed]) db.run(old.insertInto('call_records').values({ ...row, ...each }));
    db.close();
    const journaled = new Database<JournalSchema>(join(folder, 'calls.db'), 'crash');
    await journaled.migrate(journalMigrations);
    const record: EarlierCallRecord = {
      ...{
        id: 'three',
        startedAt: 4_000,
        answeredAt: 5_000,
        endedAt: 6_000,
        outcome: 'lost',
        dialled: '103',
      },
      ...{ callerExtension: 'b', callerTerminal: 'phone-b', calleeExtension: 'a', calleeTerminal: 'phone-a' },
    };
    journaled.run(
      journaled.sql
        .insertInto('records')
        .values({ sequence: 3, record: JSON.stringify({ sequence: 3, organization: 'o', record }) }),
    );
    journaled.close();

    const { journal } = await start();
    await archived(journal);
    const found = (await records()).map(({ record: one }) => readRecord(json.read(one)));
    expect(found.flatMap(faultsInRecord)).toEqual([]);
    expect(found).toMatchObject([
      {
        ...{ id: 'one', startedAt: 1_000, answeredAt: 3_000, endedAt: 9_000, ringMs: 2_000, talkMs: 6_000 },
        parts: [
          { extension: 'a', role: 'caller', talkMs: 6_000 },
          { extension: 'b', result: 'handled', talkMs: 6_000 },
        ],
      },
      {
        ...{ id: 'two', result: 'no-answer', talkMs: 0 },
        parts: [{ extension: 'a' }, { extension: 'b', terminal: 'phone-b', result: 'missed' }],
      },
      { id: 'three', result: 'lost', talkMs: 1_000, caller: { extension: 'b' } },
    ]);
    const later = new Database<ArchiveSchema>(join(folder, 'records.db'), 'crash');
    // Missed at 2 s, and the two have talked at 4 s.
    expect(
      later.all(later.sql.selectFrom('call_parts').select('returned').where('returned', '=', 1)),
    ).toHaveLength(1);
    later.close();
  },
  PATIENCE,
);

test(
  'a record is archived once, though the journal was killed before it could forget it',
  async () => {
    const { journal, calls } = await start();
    await calls.save(storedCall('one'));
    await finish(calls, callRecord('one'));
    for (const suffix of ['', '-wal'])
      cpSync(join(folder, `calls.db${suffix}`), join(folder, `killed.db${suffix}`));
    await archived(journal);
    await stop();

    const again = await start('killed.db');
    await finish(again.calls, callRecord('two'));
    await archived(again.journal);
    expect((await records()).map(({ record }) => readRecord(json.read(record)).id)).toEqual(['one', 'two']);
  },
  PATIENCE,
);

test(
  'with a new journal, numbers go on above those of the archive',
  async () => {
    const first = await start();
    await finish(first.calls, callRecord('one'));
    await archived(first.journal);
    await stop();

    const second = await start('new.db');
    await finish(second.calls, callRecord('two'));
    await archived(second.journal);
    expect((await records()).map(({ record }) => readRecord(json.read(record)).id)).toEqual(['one', 'two']);
  },
  PATIENCE,
);

test(
  'a journal that cannot forget a record on a full disk goes on, and forgets it later',
  async () => {
    const { journal, calls } = await start();
    await finish(calls, callRecord('one'));
    const forget = journal.archived.bind(journal);
    journal.archived = () => {
      throw new Error('the disk is full');
    };
    await clock.advance(1_000);
    await vi.waitFor(() => expect(failures).toHaveLength(1), { timeout: PATIENCE, interval: 5 });

    journal.archived = forget;
    await archived(journal);
    expect((await records()).map(({ record }) => readRecord(json.read(record)).id)).toEqual(['one']);
  },
  PATIENCE,
);

test(
  'a report has every day, though a late record comes between its sheets and its sums',
  async () => {
    const { journal, archive, calls } = await start();
    const on = (id: string, day: number) => aCall(id, { startedAt: day * DAY_MS, endedAt: day * DAY_MS });
    for (const day of [0, 1, 2]) await finish(calls, on(`day-${String(day)}`, day));
    await archived(journal);
    const wanted = {
      organization,
      windows: [{ from: 0, until: 3 * DAY_MS }],
      rows: rowsOf(['101', '102']),
    };
    const outgoing = (added: Added) => windowAt(added, 0).outgoing;
    expect(outgoing(await archive.sums(wanted))).toBe(3);
    await finish(calls, on('late', 0));
    const report = archive.sums(wanted);
    await archive.newest();
    expect(outgoing(await report)).toBe(4);
  },
  PATIENCE,
);
