import { parentPort, workerData } from 'node:worker_threads';
import type { CallRecord } from '@perch/shared';
import { Database } from '../database.ts';
import { find, newestIn } from './archive-queries.ts';
import { sumsIn } from './archive-sums.ts';
import { ArchiveWriter } from './archive-writer.ts';
import type { JournaledRecord } from './call-journal.ts';
import { type EarlierCallRecord, upgraded } from './earlier-records.ts';
import type { ArchiveQuestion, ArchiveReply } from './record-archive.ts';
import type { ArchiveSchema } from './schema.ts';

/** The only one that opens `records.db`; `RecordArchive` is its other half. */
const db = new Database<ArchiveSchema>(workerData as string, 'power-cut');
const writer = new ArchiveWriter(db);

parentPort?.on('message', (message: string | ArchiveQuestion) => {
  parentPort?.postMessage(typeof message === 'string' ? archive(message) : reply(message));
});

function archive(lines: string): ArchiveReply {
  try {
    db.transaction(() => {
      for (const line of lines.split('\n')) {
        const { record, ...numbered } = JSON.parse(line) as JournaledRecord<CallRecord | EarlierCallRecord>;
        writer.write({ ...numbered, record: 'outcome' in record ? upgraded(record) : record });
      }
    });
    return {};
  } catch (error) {
    return { error: String(error) };
  }
}

function answerTo(ask: ArchiveQuestion['ask']): NonNullable<ArchiveReply['found']> {
  switch (ask.kind) {
    case 'newest':
      return newestIn(db);
    case 'find':
      return find(db, ask);
    case 'sums':
      return sumsIn(db, ask);
  }
}

function reply({ number, ask }: ArchiveQuestion): ArchiveReply {
  try {
    return { number, found: answerTo(ask) };
  } catch (error) {
    return { number, error: String(error) };
  }
}
