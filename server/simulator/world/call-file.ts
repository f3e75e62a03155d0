import type { CallRecord } from '@perch/shared';
import type { CallStore, OwedBye, StoredCall } from '../../src/exchange/ports.ts';
import type { Disk } from './disk.ts';
import { DiskFault } from './disk.ts';
import type { Life } from './life.ts';

/** As the product's journal: a record waits this long for other writes, and a write that has failed is tried again (milliseconds). */
const RECORD_WAIT_MS = 20;
const RETRY_MS = 1_000;

/** What is on the disk of the calls of an organization. */
export class CallFile {
  readonly calls = new Map<string, StoredCall>();
  readonly owed = new Map<string, OwedBye>();
  readonly records: CallRecord[] = [];
  /** Calls whose records were not on the disk when a process was killed: nobody can know of them. */
  readonly lost = new Set<string>();
}

interface Batch {
  readonly calls: Map<string, StoredCall | null>;
  readonly records: CallRecord[];
  readonly flushed: PromiseWithResolvers<void>;
}

/**
 * The calls of an organization as one process stores them, with the promises of the product's journal: what is saved in one turn is written together, and a write that fails is
 * tried again while those who wait for it go on.
 */
export class CallJournalOnDisk implements CallStore {
  readonly #file: CallFile;
  readonly #disk: Disk;
  readonly #life: Life;
  #batch: Batch | undefined;
  #isDue = false;
  /** Records that are not on the disk. */
  readonly #unwritten = new Set<string>();

  constructor(file: CallFile, disk: Disk, life: Life) {
    this.#file = file;
    this.#disk = disk;
    this.#life = life;
  }

  load(): Promise<readonly StoredCall[]> {
    return this.#disk.read(this.#life, async () => [...this.#file.calls.values()]);
  }

  save(call: StoredCall): Promise<void> {
    this.#waiting.calls.set(call.id, call);
    return this.#writeIn(0);
  }

  forget(call: string): Promise<void> {
    this.#waiting.calls.set(call, null);
    return this.#writeIn(0);
  }

  finish(record: CallRecord): Promise<void> {
    this.#unwritten.add(record.id);
    this.#waiting.calls.set(record.id, null);
    this.#waiting.records.push(record);
    return this.#writeIn(RECORD_WAIT_MS);
  }

  loadOwed(): Promise<readonly OwedBye[]> {
    return this.#disk.read(this.#life, async () => [...this.#file.owed.values()]);
  }

  owe(bye: OwedBye): Promise<void> {
    return this.#disk.write(this.#life, () => void this.#file.owed.set(bye.tag, bye));
  }

  pay(tag: string): Promise<void> {
    return this.#disk.write(this.#life, () => void this.#file.owed.delete(tag));
  }

  /** The process was killed. */
  killed(): void {
    for (const id of this.#unwritten)
      if (!this.#file.records.some((each) => each.id === id)) this.#file.lost.add(id);
  }

  get #waiting(): Batch {
    return (this.#batch ??= { calls: new Map(), records: [], flushed: Promise.withResolvers() });
  }

  #writeIn(ms: number): Promise<void> {
    const { promise } = this.#waiting.flushed;
    if (ms > 0) this.#life.clock.after(ms, () => this.#write());
    else if (!this.#isDue) {
      this.#isDue = true;
      this.#life.clock.after(0, () => {
        this.#isDue = false;
        this.#write();
      });
    }
    return promise;
  }

  #write(): void {
    const batch = this.#batch;
    if (batch === undefined) return;
    this.#batch = undefined;
    this.#disk
      .write(this.#life, () => this.#land(batch))
      .catch((error: unknown) => {
        if (!(error instanceof DiskFault)) throw error;
        this.#again(batch);
      })
      .finally(() => batch.flushed.resolve());
  }

  #land({ calls, records }: Batch): void {
    for (const [id, call] of calls) {
      if (call === null) this.#file.calls.delete(id);
      else this.#file.calls.set(id, call);
    }
    this.#file.records.push(...records);
    for (const { id } of records) this.#unwritten.delete(id);
  }

  /** What came later stands. */
  #again({ calls, records }: Batch): void {
    const waiting = this.#waiting;
    for (const [id, call] of calls) if (!waiting.calls.has(id)) waiting.calls.set(id, call);
    waiting.records.unshift(...records);
    this.#life.clock.after(RETRY_MS, () => this.#write());
  }
}
