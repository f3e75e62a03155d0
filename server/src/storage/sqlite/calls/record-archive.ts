import { Worker } from 'node:worker_threads';
import type { Clock } from '../../../world/clock.ts';
import { every } from '../../../world/every.ts';
import type { Added, SumsWanted } from '../../../records/ports.ts';
import type { CallsAfter, LaterCalls } from './later-calls.ts';
import type { NamedCalls, UnnamedCalls } from './named-calls.ts';
import { openDatabase } from '../open-database.ts';
import type { ClaimWanted } from './claims.ts';
import { type FoundRecord, newestIn } from './archive-queries.ts';
import type { CallJournal, RecordBatch } from './call-journal.ts';
import type { Wanted } from './call-places.ts';
import { takeOverEarlierRecords } from './earlier-records.ts';
import { archiveMigrations } from './migrations/index.ts';
import type { ArchiveSchema } from './schema.ts';
import type { SumsAsked } from './sums/call-sums.ts';

/** How often the oldest records are moved (milliseconds). */
const INTERVAL_MS = 1_000;
/**
 * Records that are moved in one round. Under load the rest waits in the journal, so that archiving never costs more than
 * this.
 */
const BATCH = 1_000;

/** What can be asked, and what is answered. */
interface Questions {
  readonly newest: { readonly ask: { readonly kind: 'newest' }; readonly answer: number };
  /** Answered by whether all sheets are made. */
  readonly sheets: {
    readonly ask: Omit<SumsAsked, 'rows'> & { readonly kind: 'sheets' };
    readonly answer: boolean;
  };
  /** `null` where a record that came since has undone sheets: they are to be made again. */
  readonly sums: { readonly ask: SumsAsked & { readonly kind: 'sums' }; readonly answer: Added | null };
  /** The numbers that stand for these ids; 0 for each that has none yet. */
  readonly keys: {
    readonly ask: { readonly kind: 'keys'; readonly ids: readonly string[] };
    readonly answer: readonly number[];
  };
  /** Answered by whether it could be claimed. */
  readonly claim: { readonly ask: ClaimWanted & { readonly kind: 'claim' }; readonly answer: boolean };
  /** Answered by how many calls were deleted. */
  readonly forget: { readonly ask: OldCalls & { readonly kind: 'forget' }; readonly answer: number };
  readonly after: { readonly ask: LaterCalls & { readonly kind: 'after' }; readonly answer: CallsAfter };
  /** Answered by how many calls name somebody. */
  readonly named: { readonly ask: NamedCalls & { readonly kind: 'named' }; readonly answer: number };
  /** Answered by how far it has come; `null` where that is the end. */
  readonly unname: {
    readonly ask: UnnamedCalls & { readonly kind: 'unname' };
    readonly answer: number | null;
  };
  /** Answered once nothing that was deleted is left in the file. */
  readonly clean: { readonly ask: { readonly kind: 'clean' }; readonly answer: true };
  readonly hold: { readonly ask: { readonly kind: 'hold' }; readonly answer: true };
  readonly 'let-go': { readonly ask: { readonly kind: 'let-go' }; readonly answer: true };
  /** Answered by how many pages the WAL had. */
  readonly checkpoint: { readonly ask: { readonly kind: 'checkpoint' }; readonly answer: number };
  readonly find: {
    readonly ask: Wanted & { readonly kind: 'find' };
    readonly answer: readonly FoundRecord[];
  };
}

/** The oldest calls of an organization that began before then, so many at most. */
export interface OldCalls {
  readonly organization: string;
  readonly before: number;
  readonly most: number;
}

/** A question to the worker, with the number that its reply has. */
export interface ArchiveQuestion {
  readonly number: number;
  readonly ask: Questions[keyof Questions]['ask'];
}

/** The worker's reply, to a question or to a batch: what it found, or why that went wrong. */
export interface ArchiveReply {
  readonly number?: number;
  readonly found?: Questions[keyof Questions]['answer'];
  readonly error?: string;
}

/** A batch that is being moved. */
interface Move {
  readonly batch: RecordBatch;
  readonly done: PromiseWithResolvers<unknown>;
}

/** Brings `records.db` up to date. @returns its highest sequence number, 0 where it is empty. */
export async function prepareArchive(path: string): Promise<number> {
  const db = await openDatabase<ArchiveSchema>(path, 'power-cut', archiveMigrations);
  try {
    takeOverEarlierRecords(db);
    return newestIn(db);
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
  /** The batch that the worker is writing, and those who wait for it. */
  #moving: Move | undefined;
  readonly #questions = new Map<number, PromiseWithResolvers<ArchiveReply['found']>>();
  #lastQuestion = 0;
  /** The numbers of ids (`ArchiveKeys`), as far as they have been asked for. */
  readonly #numbers = new Map<string, number>();
  #archivedThrough = 0;
  #holdBroken: () => void = () => undefined;

  constructor(path: string, journal: CallJournal, clock: Clock, failed: (error: unknown) => void) {
    this.#path = path;
    this.#journal = journal;
    this.#failed = failed;
    this.#cancelRounds = every(clock, INTERVAL_MS, () => void this.#moveSome());
  }

  async close(): Promise<void> {
    this.#cancelRounds();
    await this.#worker?.terminate();
    this.#giveUp(new Error('the archive is closed'));
  }

  /** The number of the newest record, once everything that has been recorded until now is in the archive. */
  async newest(): Promise<number> {
    const newest = this.#journal.newestRecord;
    while (this.#archivedThrough < newest) await this.#moveSome();
    return this.#ask<'newest'>({ kind: 'newest' });
  }

  async sums({ rows, ...wanted }: SumsWanted): Promise<Added> {
    for (;;) {
      while (!(await this.#ask<'sheets'>({ ...wanted, kind: 'sheets' })));
      const [extensions, terminals] = await this.#numbersOf(rows.extensions, rows.terminals);
      const numbered = { ...rows, extensions, terminals };
      const added = await this.#ask<'sums'>({ ...wanted, rows: numbered, kind: 'sums' });
      if (added !== null) return added;
    }
  }

  /** Deletes them with all that was added up of them. @returns how many there were. */
  forget(old: OldCalls): Promise<number> {
    return this.#ask<'forget'>({ ...old, kind: 'forget' });
  }

  /** The call becomes the claimant's, once everything that has been recorded until now is in the archive. @returns whether it could. */
  async claim(wanted: ClaimWanted): Promise<boolean> {
    await this.newest();
    return this.#ask<'claim'>({ ...wanted, kind: 'claim' });
  }

  /** What has been archived since, in the order in which the calls ended. */
  after(later: LaterCalls): Promise<CallsAfter> {
    return this.#ask<'after'>({ ...later, kind: 'after' });
  }

  /** How many calls have to do with them, at their terminal or anywhere. */
  async named(of: NamedCalls): Promise<number> {
    await this.newest();
    return this.#ask<'named'>({ ...of, kind: 'named' });
  }

  /** No record names them any more; each step takes a moment, and begins when it is asked for. */
  async *unname(of: NamedCalls): AsyncGenerator<number> {
    await this.newest();
    for (
      let after: number | null = 0;
      after !== null;
      after = await this.#ask<'unname'>({ ...of, after, kind: 'unname' })
    )
      yield after;
  }

  /** Nothing that was deleted or overwritten is left in the file. */
  async clean(): Promise<void> {
    await this.#ask<'clean'>({ kind: 'clean' });
  }

  /** As `Database.hold`. @param broken called where the worker has died, and others write the file. */
  async hold(broken: () => void): Promise<void> {
    this.#holdBroken = broken;
    await this.#ask<'hold'>({ kind: 'hold' });
  }

  /** As `Database.checkpoint`. */
  checkpoint(): Promise<number> {
    return this.#ask<'checkpoint'>({ kind: 'checkpoint' });
  }

  async letGo(): Promise<void> {
    this.#holdBroken = () => undefined;
    await this.#ask<'let-go'>({ kind: 'let-go' });
  }

  find(wanted: Wanted): Promise<readonly FoundRecord[]> {
    return this.#ask<'find'>({ ...wanted, kind: 'find' });
  }

  /** Numbers cross to another thread in a fraction of the time that ids take; once an id has one, it is known here. */
  async #numbersOf(extensions: readonly string[], terminals: readonly string[]) {
    const unknown = [...extensions, ...terminals].filter((id) => !this.#numbers.has(id));
    const found = unknown.length === 0 ? [] : await this.#ask<'keys'>({ kind: 'keys', ids: unknown });
    for (const [index, id] of unknown.entries()) {
      const number = found[index];
      if (number !== undefined && number > 0) this.#numbers.set(id, number);
    }
    const numberOf = (id: string): number => this.#numbers.get(id) ?? 0;
    return [Int32Array.from(extensions, numberOf), Int32Array.from(terminals, numberOf)] as const;
  }

  #ask<Kind extends keyof Questions>(ask: Questions[Kind]['ask']): Promise<Questions[Kind]['answer']> {
    const number = ++this.#lastQuestion;
    const reply = Promise.withResolvers<ArchiveReply['found']>();
    this.#questions.set(number, reply);
    this.#worker ??= this.#startWorker();
    this.#worker.postMessage({ number, ask } satisfies ArchiveQuestion);
    return reply.promise as Promise<Questions[Kind]['answer']>;
  }

  /** Moves the oldest records, or waits for those that are being moved. Rejects, reported already, where they could not be written. */
  #moveSome(): Promise<unknown> {
    if (this.#moving) return this.#moving.done.promise;
    const done = Promise.withResolvers();
    // Most rounds are nobody's: what is to be said of a failure has been said.
    done.promise.catch(() => undefined);
    try {
      const batch = this.#journal.oldestRecords(BATCH);
      if (!batch) return Promise.resolve();
      this.#moving = { batch, done };
      this.#worker ??= this.#startWorker();
      this.#worker.postMessage(batch.lines);
    } catch (error) {
      this.#notMoved(error, done.reject);
    }
    return done.promise;
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
    this.#worker = undefined;
    this.#holdBroken();
    this.#notMoved(error, this.#moving?.done.reject);
    this.#giveUp(error);
  }

  #notMoved(error: unknown, tellWaiting: ((error: unknown) => void) | undefined): void {
    this.#moving = undefined;
    this.#failed(error);
    tellWaiting?.(error);
  }

  #giveUp(error: unknown): void {
    for (const reply of this.#questions.values()) reply.reject(error);
    this.#questions.clear();
  }

  #replied({ number, found, error }: ArchiveReply): void {
    if (number !== undefined) {
      const reply = this.#questions.get(number);
      this.#questions.delete(number);
      if (error === undefined) reply?.resolve(found);
      else reply?.reject(new Error(error));
      return;
    }
    const moved = this.#moving;
    if (moved === undefined) return;
    try {
      if (error !== undefined) throw new Error(error);
      // Where this fails, the journal forgets them after the next round: the archive takes each once.
      this.#journal.archived(moved.batch.through);
      this.#archivedThrough = moved.batch.through;
      this.#moving = undefined;
      moved.done.resolve(undefined);
    } catch (failure) {
      this.#notMoved(failure, moved.done.reject);
    }
  }
}
