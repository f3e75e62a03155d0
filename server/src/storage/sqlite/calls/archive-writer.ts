import type { CallPart, CallRecord } from '@perch/shared';
import { sql as raw } from 'kysely';
import { flag, json, type Json } from '../columns.ts';
import type { Database } from '../database.ts';
import { recordForm, type StoredRecord } from './forms/record-form.ts';
import type { ArchiveSchema } from './schema.ts';
import type { DaySheets } from './sums/day-sheets.ts';

type RecordRow = ArchiveSchema['call_records'];
type PartRow = ArchiveSchema['call_parts'];

/** A record with its number in the journal, and whose it is. */
export interface NumberedRecord {
  readonly sequence: number;
  readonly organization: string;
  readonly record: CallRecord;
}

/** Two who talked, or tried to. */
interface Pair {
  readonly organization: string;
  readonly extension: string;
  readonly other: string;
  readonly at: number;
}

/** Writes records into the archive: to be called within a transaction. */
export class ArchiveWriter {
  readonly #statements: ReturnType<typeof prepare>;

  readonly #sheets: DaySheets;

  constructor(db: Database<ArchiveSchema>, sheets: DaySheets) {
    this.#sheets = sheets;
    this.#statements = prepare(db);
  }

  /** Writing one again changes nothing. `text` is the record as it is stored, where there is that already. */
  write(numbered: NumberedRecord, text: Json<StoredRecord> = json.write(recordForm(numbered.record))): void {
    const { insertRecord, insertPart } = this.#statements;
    insertRecord.run(recordRow(numbered, text));
    for (const part of numbered.record.parts) insertPart.run(this.#partRow(numbered, part));
    this.#noteReturned(numbered);
    this.#sheets.written(numbered.organization, numbered.record.startedAt);
  }

  /** A record that comes late, since its caller left a message, may have been returned before it is written. */
  #partRow({ sequence, organization, record }: NumberedRecord, part: CallPart): PartRow {
    const { extension, other } = part;
    const isReturned =
      part.result === 'missed' && other !== null && this.#haveTalked(organization, extension, other, record);
    return {
      sequence,
      extension_id: extension,
      organization_id: organization,
      started_at: record.startedAt,
      terminal_id: part.terminal,
      role: part.role,
      result: part.result,
      call_result: record.result,
      external: flag.write(record.external),
      other_id: other,
      ring_ms: part.ringMs,
      talk_ms: part.talkMs,
      hold_ms: part.holdMs,
      wait_ms: part.waitMs,
      transferred: flag.write(part.transferred),
      returned: flag.write(isReturned),
    };
  }

  #haveTalked(organization: string, one: string, two: string, { startedAt: at }: CallRecord): boolean {
    const { talkedAfter } = this.#statements;
    return [
      { organization, extension: one, other: two, at },
      { organization, extension: two, other: one, at },
    ].some((pair) => talkedAfter.all(pair).length > 0);
  }

  /** Whatever one of two who have talked had missed of the other one, that is returned now. */
  #noteReturned({ organization, record: { parts, startedAt: at } }: NumberedRecord): void {
    parts.forEach(({ extension, other, talkMs }, index) => {
      if (talkMs === 0 || other === null) return;
      // Both ways at once: usually each of the two is the other one's other.
      const isDone = parts
        .slice(0, index)
        .some((part) => part.talkMs > 0 && part.extension === other && part.other === extension);
      if (isDone) return;
      this.#statements.markReturned.run({ organization, extension, other, at });
      this.#statements.markReturned.run({ organization, extension: other, other: extension, at });
    });
  }
}

const recordRow = (
  { sequence, organization, record }: NumberedRecord,
  text: Json<StoredRecord>,
): RecordRow => ({
  sequence,
  organization_id: organization,
  id: record.id,
  started_at: record.startedAt,
  result: record.result,
  record: text,
});

/** Written out, as the index has it: of a bound value SQLite cannot know that it is the index's. */
export const UNRETURNED = raw<boolean>`result = 'missed' and returned = 0`;

function prepare(db: Database<ArchiveSchema>) {
  const { sql } = db;
  return {
    insertRecord: db.prepare<RecordRow>()((p) =>
      sql
        .insertInto('call_records')
        .values({
          sequence: p('sequence'),
          organization_id: p('organization_id'),
          id: p('id'),
          started_at: p('started_at'),
          result: p('result'),
          record: p('record'),
        })
        .onConflict((c) => c.column('sequence').doNothing()),
    ),
    insertPart: db.prepare<PartRow>()((p) =>
      sql
        .insertInto('call_parts')
        .values({
          sequence: p('sequence'),
          extension_id: p('extension_id'),
          organization_id: p('organization_id'),
          started_at: p('started_at'),
          terminal_id: p('terminal_id'),
          role: p('role'),
          result: p('result'),
          call_result: p('call_result'),
          external: p('external'),
          other_id: p('other_id'),
          ring_ms: p('ring_ms'),
          talk_ms: p('talk_ms'),
          hold_ms: p('hold_ms'),
          wait_ms: p('wait_ms'),
          transferred: p('transferred'),
          returned: p('returned'),
        })
        .onConflict((c) => c.columns(['sequence', 'extension_id']).doNothing()),
    ),
    talkedAfter: db.prepare<Readonly<Record<keyof Pair, string | number>>>()((p) =>
      sql
        .selectFrom('call_parts')
        .select('sequence')
        .where('organization_id', '=', p('organization') as string)
        .where('extension_id', '=', p('extension') as string)
        .where('started_at', '>', p('at') as number)
        .where('other_id', '=', p('other') as string)
        .where('talk_ms', '>', 0)
        .limit(1),
    ),
    markReturned: db.prepare<Pick<Pair, keyof Pair>>()((p) =>
      toReturn(db, {
        organization: p('organization'),
        extension: p('extension'),
        other: p('other'),
        at: p('at'),
      }),
    ),
  };
}

/**
 * The calls of `other` before `at` that `extension` has missed and not returned yet: returns them. The plus keeps SQLite from searching by
 * time, which would read every earlier call of the extension.
 */
export const toReturn = ({ sql }: Database<ArchiveSchema>, { organization, extension, other, at }: Pair) =>
  sql
    .updateTable('call_parts')
    .set({ returned: 1 })
    .where('organization_id', '=', organization)
    .where('extension_id', '=', extension)
    .where('other_id', '=', other)
    .where(raw<boolean>`+started_at < ${at}`)
    .where(UNRETURNED);
