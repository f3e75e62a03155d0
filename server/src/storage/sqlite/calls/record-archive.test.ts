import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { organizationId } from '@perch/shared';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { CallRecord, CallStore } from '../../../exchange/ports.ts';
import { VirtualClock } from '../../../world/virtual-clock.ts';
import { Database } from '../database.ts';
import { CallJournal } from './call-journal.ts';
import { callRecord, storedCall } from './support/calls.ts';
import { journalMigrations } from './migrations/index.ts';
import { prepareArchive, RecordArchive } from './record-archive.ts';
import type { ArchiveSchema, JournalSchema } from './schema.ts';
import { scratchFolder } from '../../support/scratch-folder.ts';

const organization = organizationId('o');
/** A thread that starts on a busy machine takes its time (milliseconds). */
const PATIENCE = 30_000;

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
  open.push({ journal, archive: new RecordArchive(join(folder, 'records.db'), journal, clock, failed) });
  return { journal, calls: journal.storeOf(organization) };
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
    await finish(calls, { ...callRecord('one'), dialled: '1\n"2"' });
    await finish(calls, {
      ...callRecord('two'),
      answeredAt: null,
      calleeExtension: null,
      calleeTerminal: null,
    });
    await archived(journal);
    expect(await records()).toEqual([
      {
        sequence: 1,
        id: 'one',
        organization_id: 'o',
        started_at: 1,
        answered_at: 2,
        ended_at: 3,
        caller_extension: 'extension-101',
        caller_terminal: 'phone-101',
        dialled: '1\n"2"',
        callee_extension: 'extension-102',
        callee_terminal: 'phone-102',
        outcome: 'answered',
      },
      expect.objectContaining({
        id: 'two',
        answered_at: null,
        callee_extension: null,
        callee_terminal: null,
      }),
    ]);
    expect(failures).toEqual([]);
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
    expect((await records()).map(({ id }) => id)).toEqual(['one', 'two']);
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
    expect((await records()).map(({ id }) => id)).toEqual(['one', 'two']);
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
    expect((await records()).map(({ id }) => id)).toEqual(['one']);
  },
  PATIENCE,
);
