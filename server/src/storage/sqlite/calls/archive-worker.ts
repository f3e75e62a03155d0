import { parentPort, workerData } from 'node:worker_threads';
import { callRecordId, extensionId, terminalId } from '@perch/shared';
import { Database } from '../database.ts';
import type { JournaledRecord } from './call-journal.ts';
import type { ArchivedRecord, ArchiveQuery, ArchiveReply } from './record-archive.ts';
import type { ArchiveSchema } from './schema.ts';

/** The only one that opens `records.db`; `RecordArchive` is its other half. */
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

parentPort?.on('message', (message: string | ArchiveQuery) => {
  parentPort?.postMessage(typeof message === 'string' ? archive(message) : answer(message));
});

function archive(lines: string): ArchiveReply {
  try {
    db.transaction(() => lines.split('\n').forEach((line) => insert.run(toRow(line))));
    return {};
  } catch (error) {
    return { error: String(error) };
  }
}

function answer({ query, organization, before, limit, filter }: ArchiveQuery): ArchiveReply {
  try {
    const { extension, terminal, from, until } = filter;
    let rows = db.sql
      .selectFrom('call_records')
      .selectAll()
      .where('organization_id', '=', organization)
      .where('sequence', '<', before);
    if (extension !== undefined || terminal !== undefined)
      rows = rows.where((e) =>
        e.or([
          ...(extension === undefined
            ? []
            : [e('caller_extension', '=', extension), e('callee_extension', '=', extension)]),
          ...(terminal === undefined
            ? []
            : [e('caller_terminal', '=', terminal), e('callee_terminal', '=', terminal)]),
        ]),
      );
    if (from !== undefined) rows = rows.where('started_at', '>=', from);
    if (until !== undefined) rows = rows.where('started_at', '<', until);
    return { query, found: db.all(rows.orderBy('sequence', 'desc').limit(limit)).map(fromRow) };
  } catch (error) {
    return { query, error: String(error) };
  }
}

const fromRow = (row: ArchiveSchema['call_records']): ArchivedRecord => ({
  sequence: row.sequence,
  record: {
    id: callRecordId(row.id),
    startedAt: row.started_at,
    answeredAt: row.answered_at,
    endedAt: row.ended_at,
    callerExtension: extensionId(row.caller_extension),
    callerTerminal: terminalId(row.caller_terminal),
    dialled: row.dialled,
    calleeExtension: row.callee_extension === null ? null : extensionId(row.callee_extension),
    calleeTerminal: row.callee_terminal === null ? null : terminalId(row.callee_terminal),
    outcome: row.outcome,
  },
});

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
