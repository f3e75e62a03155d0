import type { Database } from '../database.ts';
import type { ArchiveSchema } from './schema.ts';

/**
 * The numbers that stand in the archive for the ids of organizations, extensions and terminals. Each id is in many rows and indexes, whose
 * length is what a record costs; there are not more ids than phones, so that all are in memory.
 */
export class ArchiveKeys {
  readonly #db: Database<ArchiveSchema>;
  readonly #numbers = new Map<string, number>();
  /** By their numbers, which begin at 1. */
  readonly #ids: string[] = [];

  constructor(db: Database<ArchiveSchema>) {
    this.#db = db;
    this.reload();
  }

  /** Reads them again: what was added in a transaction is not stored where that has failed. */
  reload(): void {
    this.#numbers.clear();
    this.#ids.length = 0;
    for (const { number, id } of this.#db.all(this.#db.sql.selectFrom('call_keys').selectAll()))
      this.#note(number, id);
  }

  /** The number of that id, which gets one where it has none. Within a transaction. */
  added(id: string): number {
    const known = this.#numbers.get(id);
    if (known !== undefined) return known;
    const number = Math.max(1, this.#ids.length);
    this.#db.run(this.#db.sql.insertInto('call_keys').values({ number, id }));
    this.#note(number, id);
    return number;
  }

  /** The number of that id; 0, which is nobody's, where no record is about it. */
  of(id: string): number {
    return this.#numbers.get(id) ?? 0;
  }

  id(number: number): string {
    const id = this.#ids[number];
    if (id === undefined) throw new Error(`nothing has the number ${String(number)}`);
    return id;
  }

  #note(number: number, id: string): void {
    this.#numbers.set(id, number);
    this.#ids[number] = id;
  }
}
