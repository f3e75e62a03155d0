import { parentPort, workerData } from 'node:worker_threads';
import { Database } from '../database.ts';
import type { JournaledRecord } from './call-journal.ts';
import type { ArchiveReply } from './record-archive.ts';
import type { ArchiveSchema } from './schema.ts';

/** The only writer of `records.db`; `RecordArchive` is its other half. */
const db = new Database<ArchiveSchema>(workerData as string, 'power-cut');

const insert = db.prepare<ArchiveSchema['call_records']>()((p) =>
  db.sql
    .insertInto('call_records')
    .values({
      sequence: p('sequence'),
      id: p('id'),
      organization_id: p('organization_id'),
      started_at: p('started_at'),
      answered_at: p('answered_at'),
      ended_at: p('ended_at'),
      caller_extension: p('caller_extension'),
      caller_terminal: p('caller_terminal'),
      dialled: p('dialled'),
      callee_extension: p('callee_extension'),
      callee_terminal: p('callee_terminal'),
      outcome: p('outcome'),
    })
    .onConflict((c) => c.column('sequence').doNothing()),
);

parentPort?.on('message', (lines: string) => {
  parentPort?.postMessage(archive(lines));
});

function archive(lines: string): ArchiveReply {
  try {
    db.transaction(() => lines.split('\n').forEach((line) => insert.run(toRow(line))));
    return {};
  } catch (error) {
    return { error: String(error) };
  }
}

function toRow(line: string): ArchiveSchema['call_records'] {
  const { sequence, organization, record } = JSON.parse(line) as JournaledRecord;
  return {
    sequence,
    id: record.id,
    organization_id: organization,
    started_at: record.startedAt,
    answered_at: record.answeredAt,
    ended_at: record.endedAt,
    caller_extension: record.callerExtension,
    caller_terminal: record.callerTerminal,
    dialled: record.dialled,
    callee_extension: record.calleeExtension,
    callee_terminal: record.calleeTerminal,
    outcome: record.outcome,
  };
}
