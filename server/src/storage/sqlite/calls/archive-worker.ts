import { parentPort, workerData } from 'node:worker_threads';
import { Database } from '../database.ts';
import { ArchiveKeys } from './archive-keys.ts';
import { claim } from './claims.ts';
import { find, newestIn } from './archive-queries.ts';
import { callsAfter } from './later-calls.ts';
import { countNamed, unname } from './named-calls.ts';
import { ArchiveWriter } from './archive-writer.ts';
import { filedIn, type StoredRecord } from './forms/record-form.ts';
import { type JournaledRecord, recordTextIn } from './journaled-record.ts';
import { type EarlierCallRecord, upgraded } from './earlier-records.ts';
import type { ArchiveQuestion, ArchiveReply } from './record-archive.ts';
import type { ArchiveSchema } from './schema.ts';
import { makeSheets, sumsIn } from './sums/call-sums.ts';
import { CallSheets } from './sums/call-sheets.ts';

type Journaled = JournaledRecord<StoredRecord | EarlierCallRecord>;

/** The only one that opens `records.db`; `RecordArchive` is its other half. */
const db = new Database<ArchiveSchema>(workerData as string, 'power-cut', 'bulk');
const keys = new ArchiveKeys(db);
const sheets = new CallSheets(db);
const writer = new ArchiveWriter(db, keys, sheets);

parentPort?.on('message', (message: string | ArchiveQuestion) => {
  if (typeof message === 'string') parentPort?.postMessage(archive(message));
  else void reply(message).then((answer) => parentPort?.postMessage(answer));
});

function archive(lines: string): ArchiveReply {
  try {
    db.transaction(() => {
      for (const line of lines.split('\n')) {
        const { sequence, organization, record } = JSON.parse(line) as Journaled;
        if ('outcome' in record) writer.write({ sequence, organization, record: upgraded(record) });
        else writer.file({ sequence, organization, record: filedIn(record) }, recordTextIn(line));
      }
    });
    return {};
  } catch (error) {
    keys.reload();
    return { error: String(error) };
  }
}

type Found = Exclude<ArchiveReply['found'], undefined>;

function answerTo(ask: ArchiveQuestion['ask']): Found | Promise<Found> {
  switch (ask.kind) {
    case 'newest':
      return newestIn(db);
    case 'find':
      return find(db, keys, ask);
    case 'forget':
      return writer.forget(keys.of(ask.organization), ask.before, ask.most);
    case 'after':
      return callsAfter(db, keys, ask);
    case 'named':
      return countNamed(db, keys, ask);
    case 'unname':
      return unname(db, keys, ask);
    case 'clean':
      db.clean();
      return true;
    case 'hold':
      db.hold();
      return true;
    case 'checkpoint':
      return db.checkpoint();
    case 'let-go':
      db.letGo();
      return true;
    case 'claim':
      return claim(db, keys, writer, ask);
    case 'keys':
      return ask.ids.map((id) => keys.of(id));
    case 'sheets':
      return makeSheets(sheets, keys, ask);
    case 'sums':
      // Records may have been written since the sheets were made.
      return makeSheets(sheets, keys, ask) ? sumsIn(sheets, keys, ask) : null;
  }
}

async function reply({ number, ask }: ArchiveQuestion): Promise<ArchiveReply> {
  try {
    return { number, found: await answerTo(ask) };
  } catch (error) {
    if (ask.kind === 'claim') keys.reload();
    return { number, error: String(error) };
  }
}
