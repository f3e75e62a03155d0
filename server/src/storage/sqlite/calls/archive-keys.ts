import { sql as raw } from 'kysely';
import type { Database } from '../database.ts';
import type { ArchiveSchema } from './schema.ts';

/** Of a part: it is in the index of terminals. Written out, as the index has it. */
export const ELSEWHERE = raw<boolean>`terminal <> extension + 1`;

/** The number of the extension whose parts at that terminal are not in the index, where it is one's. */
export const firstAt = (terminal: number): number => terminal - 1;

/**
 * The numbers that stand in the archive for the ids of organizations, extensions and terminals. Each id is in many rows and indexes, whose
 * length is what a record costs; there are not more ids than phones, so that all are in memory.
 *
 * The number after an extension's is kept for the terminal where it is first seen, its own phone nearly always. Parts at that terminal are
 * found by their extension, so that most parts need no entry in the index of terminals. A terminal that has another number is in it.
 */
export class ArchiveKeys {
  readonly #db: Database<ArchiveSchema>;
  readonly #numbers = new Map<string, number>();
  /** By their numbers, which begin at 1; not all are given. */
  readonly #ids: string[] = [];
  #next = 1;

  constructor(db: Database<ArchiveSchema>) {
    this.#db = db;
    this.reload();
  }

  /** Reads them again: what was added in a transaction is not stored where that has failed. */
  reload(): void {
    this.#numbers.clear();
    this.#ids.length = 0;
    this.#next = 1;
    for (const { number, id } of this.#db.all(this.#db.sql.selectFrom('call_keys').selectAll()))
      this.#note(number, id);
  }

  /** The number of that id, which gets one where it has none. Within a transaction. */
  added(id: string): number {
    const known = this.#numbers.get(id);
    if (known !== undefined) return known;
    return this.#add(id, this.#next);
  }

  /** The same for an extension. */
  addedExtension(id: string): number {
    const known = this.#numbers.get(id);
    if (known !== undefined) return known;
    const number = this.#add(id, this.#next);
    this.#next = number + 2;
    return number;
  }

  /** The same for a terminal where the extension with that number is. */
  addedTerminal(id: string, extension: number): number {
    const known = this.#numbers.get(id);
    if (known !== undefined) return known;
    const kept = extension + 1;
    return this.#add(id, kept < this.#next && this.#ids[kept] === undefined ? kept : this.#next);
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

  #add(id: string, number: number): number {
    this.#db.run(this.#db.sql.insertInto('call_keys').values({ number, id }));
    this.#note(number, id);
    return number;
  }

  #note(number: number, id: string): void {
    this.#numbers.set(id, number);
    this.#ids[number] = id;
    this.#next = Math.max(this.#next, number + 1);
  }
}
