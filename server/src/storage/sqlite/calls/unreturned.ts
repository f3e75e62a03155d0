import { sql as raw } from 'kysely';
import type { Database } from '../database.ts';
import type { ArchiveSchema } from './schema.ts';

/** Two who talked, or tried to, by their numbers. */
export interface Pair {
  readonly organization: number;
  readonly extension: number;
  readonly other: number;
  readonly at: number;
}

/** Written out, as the index has it: of a bound value SQLite cannot know that it is the index's. */
export const UNRETURNED = raw<boolean>`result = 'missed' and returned = 0`;

/**
 * The calls of `other` before `at` that `extension` has missed and not returned yet: returns them. The pluses keep SQLite from searching by
 * organization and time, which would read every earlier call.
 */
export const toReturn = ({ sql }: Database<ArchiveSchema>, { organization, extension, other, at }: Pair) =>
  sql
    .updateTable('call_parts')
    .set({ returned: 1 })
    .where(raw<boolean>`+organization = ${organization}`)
    .where('extension', '=', extension)
    .where('other', '=', other)
    .where(raw<boolean>`+started_at < ${at}`)
    .where(UNRETURNED);

/** All who have missed a call of somebody, and not returned it yet. */
export const unreturnedPairs = ({ sql }: Database<ArchiveSchema>) =>
  sql.selectFrom('call_parts').select(['extension', 'other']).distinct().where(UNRETURNED);

/** So many bits: with a hundred thousand pairs, nine in ten of the others can be told from them. */
const BITS = 2 ** 20;

/**
 * Who may have missed a call of whom, and not returned it: one bit for each pair. Most who talk have nothing to return, and looking that up
 * in the archive, once for each of the two, costs a sixth of what a record costs. A bit stays set, and may be another pair's too: then
 * the archive is asked in vain.
 */
export class UnreturnedPairs {
  readonly #bits = new Uint8Array(BITS / 8);

  constructor(db: Database<ArchiveSchema>) {
    for (const { extension, other } of db.all(unreturnedPairs(db)))
      if (other !== null) this.add(extension, other);
  }

  add(extension: number, other: number): void {
    const bit = bitOf(extension, other);
    this.#bits[bit >>> 3] = (this.#bits[bit >>> 3] ?? 0) | (1 << (bit & 7));
  }

  mayHave(extension: number, other: number): boolean {
    const bit = bitOf(extension, other);
    return ((this.#bits[bit >>> 3] ?? 0) & (1 << (bit & 7))) !== 0;
  }
}

/** Multiplied by large odd numbers, so that the many small ones do not meet at the same bits. */
const bitOf = (extension: number, other: number): number =>
  (Math.imul(extension, 0x9e37_79b1) ^ Math.imul(other, 0x85eb_ca6b)) >>> (32 - Math.log2(BITS));
