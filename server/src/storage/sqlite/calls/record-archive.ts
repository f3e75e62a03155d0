import { Worker } from 'node:worker_threads';
import type { OrganizationId } from '@perch/shared';
import type { CallRecord } from '../../../exchange/ports.ts';
import type { RecordFilter } from '../../../exchange/records.ts';
import type { Clock } from '../../../world/clock.ts';
import { every } from '../../../world/every.ts';
import { openDatabase } from '../open-database.ts';
import { archiveMigrations } from './migrations/index.ts';
import type { CallJournal, RecordBatch } from './call-journal.ts';
import type { ArchiveSchema } from './schema.ts';

/** How often the oldest records are moved (milliseconds). */
const INTERVAL_MS = 1_000;
/**
 * Records that are moved in one round. Under load the rest waits in the journal, so that archiving never costs more than
 * this.
 */
const BATCH = 1_000;

/** Which records are wanted: the latest below a number. */
interface Wanted {
  readonly organization: OrganizationId;
  readonly filter: RecordFilter;
  readonly before: number;
  readonly limit: number;
}

export interface ArchiveQuery extends Wanted {
  /** Its reply has the same number. */
  readonly query: number;
}

export interface ArchivedRecord {
  readonly sequence: number;
  readonly record: CallRecord;
}

/** The worker's reply, to a query or to a batch: what it found, or why that went wrong. */
export interface ArchiveReply {
  readonly query?: number;
  readonly found?: readonly ArchivedRecord[];
  readonly error?: string;
}

/** Brings `records.db` up to date. @returns its highest sequence number, 0 where it is empty. */
export async function prepareArchive(path: string): Promise<number> {
  const db = await openDatabase<ArchiveSchema>(path, 'power-cut', archiveMigrations);
  try {
    const newest = db.sql.selectFrom('call_records').select((e) => e.fn.max('sequence').as('sequence'));
    return db.first(newest)?.sequence ?? 0;
  } finally {
    db.close();
  }
}

/**
 * Moves records from the journal into `records.db`, in a thread of its own, so that the event loop does not wait for the
 * disk. Exactly once, even over crashes: the journal forgets a record after the archive has it, and the archive takes each
 * sequence number once.
 */
export class RecordArchive {
  readonly #path: string;
  readonly #journal: CallJournal;
  readonly #failed: (error: unknown) => void;
  readonly #cancelRounds: () => void;
  /** Started with the first record. */
  #worker: Worker | undefined;
  /** The batch that the worker is writing. */
  #moving: RecordBatch | undefined;
  readonly #queries = new Map<number, PromiseWithResolvers<readonly ArchivedRecord[]>>();
  #lastQuery = 0;

  constructor(path: string, journal: CallJournal, clock: Clock, failed: (error: unknown) => void) {
    this.#path = path;
    this.#journal = journal;
    this.#failed = failed;
    this.#cancelRounds = every(clock, INTERVAL_MS, () => this.#moveSome());
  }

  async close(): Promise<void> {
    this.#cancelRounds();
    await this.#worker?.terminate();
    this.#giveUpQueries(new Error('the archive is closed'));
  }

  /** The records wanted that are in the archive, the latest first. */
  read(wanted: Wanted): Promise<readonly ArchivedRecord[]> {
    const query = ++this.#lastQuery;
    const reply = Promise.withResolvers<readonly ArchivedRecord[]>();
    this.#queries.set(query, reply);
    this.#worker ??= this.#startWorker();
    this.#worker.postMessage({ ...wanted, query } satisfies ArchiveQuery);
    return reply.promise;
  }

  #moveSome(): void {
    if (this.#moving) return;
    try {
      this.#moving = this.#journal.oldestRecords(BATCH);
      if (!this.#moving) return;
      this.#worker ??= this.#startWorker();
      this.#worker.postMessage(this.#moving.lines);
    } catch (error) {
      this.#failed(error);
    }
  }

  #startWorker(): Worker {
    const worker = new Worker(new URL('./archive-worker.ts', import.meta.url), { workerData: this.#path });
    worker.unref();
    worker.on('message', (reply: ArchiveReply) => this.#replied(reply));
    worker.on('error', (error) => this.#died(error));
    return worker;
  }

  /** The records stay in the journal; another worker tries again. */
  #died(error: unknown): void {
    this.#failed(error);
    this.#worker = undefined;
    this.#moving = undefined;
    this.#giveUpQueries(error);
  }

  #giveUpQueries(error: unknown): void {
    for (const reply of this.#queries.values()) reply.reject(error);
    this.#queries.clear();
  }

  #replied({ query, found, error }: ArchiveReply): void {
    if (query !== undefined) {
      const reply = this.#queries.get(query);
      this.#queries.delete(query);
      if (found) reply?.resolve(found);
      else reply?.reject(new Error(error));
      return;
    }
    try {
      if (error !== undefined) this.#failed(new Error(error));
      else if (this.#moving) this.#journal.archived(this.#moving.through);
    } catch (full) {
      // The journal keeps them, and forgets them after the next round: the archive takes each once.
      this.#failed(full);
    }
    this.#moving = undefined;
  }
}
