import type { CallRecord } from '@perch/shared';
import { flag, json, type Json } from '../columns.ts';
import type { Database } from '../database.ts';
import type { ArchiveKeys } from './archive-keys.ts';
import type { FiledPart } from './forms/part-form.ts';
import { type FiledRecord, recordForm, type StoredRecord } from './forms/record-form.ts';
import type { ArchiveSchema } from './schema.ts';
import type { CallSheets } from './sums/call-sheets.ts';
import { type Pair, toReturn, UnreturnedPairs } from './unreturned.ts';

type RecordRow = ArchiveSchema['call_records'];
type PartRow = ArchiveSchema['call_parts'];

/** A record with its number in the journal, and whose it is. */
interface NumberedRecord<Record> {
  readonly sequence: number;
  readonly organization: string;
  readonly record: Record;
}

/** Writes records into the archive: to be called within a transaction. */
export class ArchiveWriter {
  readonly #db: Database<ArchiveSchema>;
  readonly #statements: ReturnType<typeof prepare>;
  readonly #keys: ArchiveKeys;
  readonly #sheets: CallSheets;
  readonly #unreturned: UnreturnedPairs;

  constructor(db: Database<ArchiveSchema>, keys: ArchiveKeys, sheets: CallSheets) {
    this.#db = db;
    this.#keys = keys;
    this.#sheets = sheets;
    this.#unreturned = new UnreturnedPairs(db);
    this.#statements = prepare(db);
  }

  /** Writing one again changes nothing. */
  write(numbered: NumberedRecord<CallRecord>): void {
    this.file(numbered, json.write(recordForm(numbered.record)));
  }

  /** The same of one that has its stored form, `text`, already (hot path: once a call). */
  file(numbered: NumberedRecord<FiledRecord>, text: Json<StoredRecord>): void {
    const { sequence, record } = numbered;
    const { startedAt, result } = record;
    const organization = this.#keys.added(numbered.organization);
    const { insertRecord, insertPart } = this.#statements;
    insertRecord.run({ sequence, organization, started_at: startedAt, result, record: text });
    const parts = record.parts.map((part) => this.#partRow(organization, sequence, record, part));
    for (const part of parts) insertPart.run(part);
    this.#noteReturned(parts);
    this.#sheets.written(organization, startedAt);
  }

  /** Puts a record in the place of the one with its number, which began at the same time. */
  rewrite(numbered: NumberedRecord<CallRecord>): void {
    const { sequence, record } = numbered;
    const organization = this.#keys.added(numbered.organization);
    this.#statements.deleteParts.run({ organization, started_at: record.startedAt, sequence });
    this.#statements.deleteRecord.run({ sequence });
    this.write(numbered);
  }

  /** Deletes the oldest calls that began before then, so many at most, and the sums of their days. @returns how many. */
  forget(organization: number, before: number, most: number): number {
    return this.#db.transaction(() => {
      const old = this.#db.all(
        this.#db.sql
          .selectFrom('call_records')
          .select(['sequence', 'started_at'])
          .where('organization', '=', organization)
          .where('started_at', '<', before)
          .orderBy('started_at')
          .limit(most),
      );
      for (const { sequence, started_at } of old) {
        this.#statements.deleteParts.run({ organization, started_at, sequence });
        this.#statements.deleteRecord.run({ sequence });
        this.#sheets.written(organization, started_at);
      }
      return old.length;
    });
  }

  #partRow(organization: number, sequence: number, record: FiledRecord, part: FiledPart): PartRow {
    const extension = this.#keys.addedExtension(part.extension);
    const terminal = part.terminal === null ? null : this.#keys.addedTerminal(part.terminal, extension);
    const other = part.other === null ? null : this.#keys.addedExtension(part.other);
    const at = record.startedAt;
    // A record that comes late, since its caller left a message, may have been returned before it is written.
    const isReturned =
      part.result === 'missed' && other !== null && this.#haveTalked({ organization, extension, other, at });
    if (part.result === 'missed' && other !== null && !isReturned) this.#unreturned.add(extension, other);
    return {
      organization,
      started_at: at,
      sequence,
      extension,
      terminal,
      role: part.role,
      result: part.result,
      call_result: record.result,
      external: flag.write(record.external),
      other,
      ring_ms: part.ringMs,
      talk_ms: part.talkMs,
      hold_ms: part.holdMs,
      wait_ms: part.waitMs,
      transferred: flag.write(part.transferred),
      returned: flag.write(isReturned),
    };
  }

  #haveTalked(pair: Pair): boolean {
    const { talkedAfter, talkedToAfter } = this.#statements;
    return talkedAfter.all(pair).length > 0 || talkedToAfter.all(pair).length > 0;
  }

  /** Whatever one of two who have talked had missed of the other one, that is returned now. */
  #noteReturned(parts: readonly PartRow[]): void {
    parts.forEach(({ organization, extension, other, started_at: at, talk_ms: talkMs }, index) => {
      if (talkMs === 0 || other === null) return;
      // Both ways at once: usually each of the two is the other one's other.
      const isDone = parts
        .slice(0, index)
        .some((part) => part.talk_ms > 0 && part.extension === other && part.other === extension);
      if (isDone) return;
      const pair = { organization, extension, other, at };
      this.#return(pair);
      // From the other one this one may have withheld its number: then nothing tells who it was.
      if (!parts.some((part) => part.extension === other && part.other === null))
        this.#return(mirrored(pair));
    });
  }

  #return(pair: Pair): void {
    if (this.#unreturned.mayHave(pair.extension, pair.other)) this.#statements.markReturned.run(pair);
  }
}

const mirrored = ({ organization, extension, other, at }: Pair): Pair => ({
  ...{ organization, extension: other, other: extension, at },
});

function prepare(db: Database<ArchiveSchema>) {
  const { sql } = db;
  return {
    insertRecord: db.prepare<RecordRow>()((p) =>
      sql
        .insertInto('call_records')
        .values({
          sequence: p('sequence'),
          organization: p('organization'),
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
          organization: p('organization'),
          started_at: p('started_at'),
          sequence: p('sequence'),
          extension: p('extension'),
          terminal: p('terminal'),
          role: p('role'),
          result: p('result'),
          call_result: p('call_result'),
          external: p('external'),
          other: p('other'),
          ring_ms: p('ring_ms'),
          talk_ms: p('talk_ms'),
          hold_ms: p('hold_ms'),
          wait_ms: p('wait_ms'),
          transferred: p('transferred'),
          returned: p('returned'),
        })
        .onConflict((c) => c.columns(['organization', 'started_at', 'sequence', 'extension']).doNothing()),
    ),
    deleteRecord: db.prepare<{ sequence: number }>()((p) =>
      sql.deleteFrom('call_records').where('sequence', '=', p('sequence')),
    ),
    deleteParts: db.prepare<Pick<PartRow, 'organization' | 'started_at' | 'sequence'>>()((p) =>
      sql
        .deleteFrom('call_parts')
        .where('organization', '=', p('organization'))
        .where('started_at', '=', p('started_at'))
        .where('sequence', '=', p('sequence')),
    ),
    talkedAfter: db.prepare<Pick<Pair, keyof Pair>>()((p) =>
      sql
        .selectFrom('call_parts')
        .select('sequence')
        .where('organization', '=', p('organization'))
        .where('extension', '=', p('extension'))
        .where('started_at', '>', p('at'))
        .where('other', '=', p('other'))
        .where('talk_ms', '>', 0)
        .limit(1),
    ),
    /** The same as the other one has it; not where it withheld its number, so that the extension does not know with whom it has talked. */
    talkedToAfter: db.prepare<Pick<Pair, keyof Pair>>()((p) =>
      sql
        .selectFrom('call_parts')
        .select('sequence')
        .where('organization', '=', p('organization'))
        .where('extension', '=', p('other'))
        .where('started_at', '>', p('at'))
        .where('other', '=', p('extension'))
        .where('talk_ms', '>', 0)
        .where((e) =>
          e.not(
            e.exists(
              e
                .selectFrom('call_parts as own')
                .select('own.sequence')
                .whereRef('own.organization', '=', 'call_parts.organization')
                .whereRef('own.started_at', '=', 'call_parts.started_at')
                .whereRef('own.sequence', '=', 'call_parts.sequence')
                .where('own.extension', '=', p('extension'))
                .where('own.other', 'is', null),
            ),
          ),
        )
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
