import type { Json } from '../columns.ts';
import type { Database } from '../database.ts';
import type { ArchiveKeys } from './archive-keys.ts';
import { placesIn, type Wanted } from './call-places.ts';
import type { StoredRecord } from './forms/record-form.ts';
import type { ArchiveSchema } from './schema.ts';

/** A record of the archive, and its place in the order. */
export interface FoundRecord {
  readonly sequence: number;
  readonly startedAt: number;
  /** It is read where it is needed. */
  readonly record: Json<StoredRecord>;
}

/** The newest number in the archive; 0 where it is empty. */
export function newestIn(db: Database<ArchiveSchema>): number {
  const newest = db.sql.selectFrom('call_records').select((e) => e.fn.max('sequence').as('sequence'));
  return db.first(newest)?.sequence ?? 0;
}

export function find(db: Database<ArchiveSchema>, keys: ArchiveKeys, wanted: Wanted): readonly FoundRecord[] {
  const places = placesIn(db, keys, wanted);
  if (places.length === 0) return [];
  const numbers = places.map(({ sequence }) => sequence);
  const rows = db.all(
    db.sql.selectFrom('call_records').select(['sequence', 'record']).where('sequence', 'in', numbers),
  );
  const records = new Map(rows.map(({ sequence, record }) => [sequence, record]));
  return places.flatMap(({ sequence, started_at: startedAt }) => {
    const record = records.get(sequence);
    return record === undefined ? [] : { sequence, startedAt, record };
  });
}
