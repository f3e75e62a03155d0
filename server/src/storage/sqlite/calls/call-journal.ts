import type { CallRecord, OrganizationId } from '@perch/shared';
import type { CallStore, StoredCall } from '../../../exchange/ports.ts';
import type { Clock } from '../../../world/clock.ts';
import { json, type Json } from '../columns.ts';
import type { Database } from '../database.ts';
import { type CallForm, callForm, readCall } from './forms/call-form.ts';
import { readRecord, type StoredRecord } from './forms/record-form.ts';
import { journalLine, type JournaledRecord } from './journaled-record.ts';
import { OwedByeRows } from './owed-byes.ts';
import type { JournalSchema } from './schema.ts';

/** How long a record waits at most for a call to be saved, so that both are written together (milliseconds). */
const RECORD_WAIT_MS = 20;
/** After a failed write, the next is tried this much later (milliseconds). */
const RETRY_MS = 1_000;
/** Records that wait for a disk that has failed; beyond this, the oldest are given up. */
const MAX_WAITING_RECORDS = 100_000;

/** Records in one row at most: more than one write of a busy server has. */
const ROW_RECORDS = 100;

interface PendingCall {
  readonly slot: number;
  readonly organization: OrganizationId;
  readonly call: StoredCall;
}

/** Some of the oldest records: each a `JournaledRecord` as JSON, one a line. `through` is the number of the last. */
export interface RecordBatch {
  readonly through: number;
  readonly lines: string;
}

/**
 * The calls under way of all organizations, and the records not archived yet (hot path: once or twice a call).
 *
 * What is saved in one turn of the event loop is one transaction, and waiting records are part of it: no caller waits for a record, so
 * on a busy server it costs no transaction of its own. If the process is killed before that, an answered call that has just ended is
 * restored as one whose phones do not come back, and an unanswered one has no record. A failed write is reported and tried again, and
 * callers that wait for it go on without it: a full disk must not end a call.
 */
export class CallJournal {
  readonly #db: Database<JournalSchema>;
  readonly #clock: Clock;
  readonly #failed: (error: unknown) => void;
  readonly #statements: ReturnType<typeof prepare>;
  readonly #owedByes: OwedByeRows;
  /** Slots of the calls that are stored or about to be. */
  readonly #slots = new Map<string, number>();
  readonly #freeSlots: number[] = [];
  #nextSlot = 0;
  #nextSequence: number;

  /**
   * Slots that still hold a call that is over, with the number of its record, which marks it as over. Most are reused
   * before the record is archived, so that a call's end costs no write but its record.
   */
  readonly #stale = new Map<number, number>();
  #calls = new Map<string, PendingCall>();
  #records: JournaledRecord<CallRecord>[] = [];
  /** Slots to be emptied before others are filled. */
  #forgotten = new Set<number>();

  #flush: PromiseWithResolvers<void> | undefined;
  /** There will be a write at the end of this turn. */
  #isDue = false;
  #cancelWait: (() => void) | undefined;
  #cancelRetry: () => void = () => undefined;

  /** @param lastArchived the highest sequence number in the archive. */
  constructor(
    db: Database<JournalSchema>,
    lastArchived: number,
    clock: Clock,
    failed: (error: unknown) => void,
  ) {
    this.#db = db;
    this.#clock = clock;
    this.#failed = failed;
    this.#statements = prepare(db);
    this.#owedByes = new OwedByeRows(db);
    const newest = db.first(db.sql.selectFrom('records').select((e) => e.fn.max('sequence').as('sequence')));
    this.#nextSequence = Math.max(lastArchived, newest?.sequence ?? 0) + 1;
    this.#takeUp();
  }

  storeOf(organization: OrganizationId): CallStore {
    return {
      load: async () => this.#load(organization),
      save: (call) => this.#save(organization, call),
      forget: (call) => this.#forget(call),
      finish: (record) => this.#finish(organization, record),
      ...this.#owedByes.storeOf(organization),
    };
  }

  /**
   * The oldest records, so many or, as those of one row stay together, a few more: as one string, because that crosses to another thread at
   * the least cost.
   */
  oldestRecords(limit: number): RecordBatch | undefined {
    const [batch] = this.#statements.oldestRecords.all({ limit });
    return typeof batch?.through !== 'number' ? undefined : { through: batch.through, lines: batch.lines };
  }

  /** The number of the newest record that is not archived yet; 0 where there is none. */
  get newestRecord(): number {
    return this.#statements.newestRecord.all({})[0]?.sequence ?? 0;
  }

  /** These are durably in the archive: forgets them, and the calls that only they mark as over. */
  archived(through: number): void {
    const slots = [...this.#stale].filter(([, sequence]) => sequence <= through).map(([slot]) => slot);
    this.#db.transaction(() => {
      for (const slot of slots) this.#statements.empty.run({ slot });
      this.#statements.forgetRecords.run({ through });
    });
    for (const slot of slots) this.#stale.delete(slot);
  }

  /** Writes what is waiting, now. */
  close(): void {
    this.#cancelRetry();
    this.#cancelWait?.();
    this.#write();
    this.#db.close();
  }

  #takeUp(): void {
    const ended = new Map<string, number>();
    for (const { lines } of this.#statements.allRecords.all({}))
      for (const line of lines.split('\n')) {
        const { sequence, record } = JSON.parse(line) as JournaledRecord<StoredRecord>;
        ended.set(readRecord(record).id, sequence);
      }
    for (const { slot, call } of this.#statements.allCalls.all({})) {
      const { id, record = id } = readCall(json.read(call)) as EarlierStoredCall;
      const sequence = ended.get(record);
      if (sequence === undefined) {
        this.#slots.set(id, slot);
      } else {
        this.#stale.set(slot, sequence);
        this.#freeSlots.push(slot);
      }
      this.#nextSlot = Math.max(this.#nextSlot, slot + 1);
    }
  }

  #load(organization: OrganizationId): readonly StoredCall[] {
    return this.#statements.allCalls
      .all({})
      .filter((row) => row.organization_id === organization && !this.#stale.has(row.slot))
      .map((row) => readCall(json.read(row.call)));
  }

  #save(organization: OrganizationId, call: StoredCall): Promise<void> {
    const slot = this.#slots.get(call.id) ?? this.#freeSlots.pop() ?? this.#nextSlot++;
    this.#slots.set(call.id, slot);
    this.#calls.set(call.id, { slot, organization, call });
    return this.#writeSoon();
  }

  #forget(call: string): Promise<void> {
    const slot = this.#slots.get(call);
    if (slot === undefined) return Promise.resolve();
    this.#slots.delete(call);
    this.#calls.delete(call);
    this.#forgotten.add(slot);
    this.#freeSlots.push(slot);
    return this.#writeSoon();
  }

  #writeSoon(): Promise<void> {
    if (!this.#isDue) {
      this.#isDue = true;
      setImmediate(() => {
        this.#isDue = false;
        this.#write();
      });
    }
    return this.#nextFlush();
  }

  #finish(organization: OrganizationId, record: CallRecord): Promise<void> {
    const sequence = this.#nextSequence++;
    const slot = this.#slots.get(record.id);
    if (slot !== undefined) {
      this.#slots.delete(record.id);
      this.#calls.delete(record.id);
      // A number that is there already belongs to the call that the file still has in that slot.
      if (!this.#stale.has(slot)) this.#stale.set(slot, sequence);
      this.#freeSlots.push(slot);
    }
    this.#records.push({ sequence, organization, record });
    // Not cancelled by a write that comes before: the next record waits less, and no timer is set for each.
    this.#cancelWait ??= this.#clock.after(RECORD_WAIT_MS, () => {
      this.#cancelWait = undefined;
      this.#write();
    });
    return this.#nextFlush();
  }

  #nextFlush(): Promise<void> {
    this.#flush ??= Promise.withResolvers();
    return this.#flush.promise;
  }

  #write(): void {
    const flush = this.#flush;
    this.#flush = undefined;
    if (this.#calls.size === 0 && this.#records.length === 0 && this.#forgotten.size === 0)
      return flush?.resolve();
    try {
      this.#db.transaction(() => this.#writeAll());
      for (const slot of this.#forgotten) this.#stale.delete(slot);
      for (const { slot } of this.#calls.values()) this.#stale.delete(slot);
      // A new map: the table of a cleared one would keep its entries alive until the next full collection.
      this.#calls = new Map();
      this.#records = [];
      this.#forgotten = new Set();
    } catch (error) {
      this.#failed(error);
      this.#records = this.#records.slice(-MAX_WAITING_RECORDS);
      this.#cancelRetry();
      this.#cancelRetry = this.#clock.after(RETRY_MS, () => this.#write());
    }
    flush?.resolve();
  }

  #writeAll(): void {
    for (const slot of this.#forgotten) this.#statements.empty.run({ slot });
    for (const { slot, organization, call } of this.#calls.values())
      this.#statements.fill.run({ slot, organization, call: json.write(callForm(call)) });
    for (let from = 0; from < this.#records.length; from += ROW_RECORDS) {
      const row = this.#records.slice(from, from + ROW_RECORDS);
      const sequence = row.at(-1)?.sequence ?? 0;
      this.#statements.insertRecords.run({ sequence, lines: row.map(journalLine).join('\n') });
    }
  }
}

/** For a while, records had ids of their own, which their calls name. */
interface EarlierStoredCall {
  readonly id: string;
  readonly record?: string;
}

function prepare(db: Database<JournalSchema>) {
  const { sql } = db;
  return {
    allCalls: db.prepare<Record<string, never>>()(() => sql.selectFrom('calls').selectAll()),
    allRecords: db.prepare<Record<string, never>>()(() =>
      sql.selectFrom('records').select('record as lines'),
    ),
    fill: db.prepare<{ slot: number; organization: string; call: Json<CallForm> }>()((p) =>
      sql
        .replaceInto('calls')
        .values({ slot: p('slot'), organization_id: p('organization'), call: p('call') }),
    ),
    empty: db.prepare<{ slot: number }>()((p) => sql.deleteFrom('calls').where('slot', '=', p('slot'))),
    insertRecords: db.prepare<{ sequence: number; lines: string }>()((p) =>
      sql.insertInto('records').values({ sequence: p('sequence'), record: p('lines') }),
    ),
    oldestRecords: db.prepare<{ limit: number }>()((p) =>
      sql
        .selectFrom(
          sql
            .selectFrom('records')
            .selectAll()
            .where('sequence', '<', (e) =>
              e.selectFrom('records').select((r) => r(r.fn.min('sequence'), '+', p('limit')).as('end')),
            )
            .orderBy('sequence')
            .as('oldest'),
        )
        .select((e) => [
          e.fn.max('sequence').as('through'),
          e.fn<string>('group_concat', ['record', e.fn<string>('char', [e.val(10)])]).as('lines'),
        ]),
    ),
    newestRecord: db.prepare<Record<string, never>>()(() =>
      sql.selectFrom('records').select((e) => e.fn.max('sequence').as('sequence')),
    ),
    forgetRecords: db.prepare<{ through: number }>()((p) =>
      sql.deleteFrom('records').where('sequence', '<=', p('through')),
    ),
  };
}
