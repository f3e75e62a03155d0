import { Worker } from 'node:worker_threads';
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

/** The worker's reply to a batch: nothing, or why it is not in the archive. */
export interface ArchiveReply {
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

  constructor(path: string, journal: CallJournal, clock: Clock, failed: (error: unknown) => void) {
    this.#path = path;
    this.#journal = journal;
    this.#failed = failed;
    this.#cancelRounds = every(clock, INTERVAL_MS, () => this.#moveSome());
  }

  async close(): Promise<void> {
    this.#cancelRounds();
    await this.#worker?.terminate();
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
  }

  #replied({ error }: ArchiveReply): void {
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
