import type { Json } from '../columns.ts';
import type { Database } from '../database.ts';
import type { ArchiveKeys } from './archive-keys.ts';
import { newestIn } from './archive-queries.ts';
import type { StoredRecord } from './forms/record-form.ts';
import type { ArchiveSchema } from './schema.ts';

/** The first records of an organization after that number, so many at most; `null` for none. */
export interface LaterCalls {
  readonly organization: string;
  readonly after: number | null;
  readonly most: number;
}

export interface CallsAfter {
  readonly records: readonly Json<StoredRecord>[];
  /** Up to where there is nothing else of that organization. */
  readonly through: number;
}

/** The first records of an organization after a number. Where all were deleted, numbers begin again. */
export function callsAfter(
  db: Database<ArchiveSchema>,
  keys: ArchiveKeys,
  { organization, after, most }: LaterCalls,
): CallsAfter {
  const newest = newestIn(db);
  if (after === null || after === newest) return { records: [], through: newest };
  const rows = db.all(
    db.sql
      .selectFrom('call_records')
      .select(['sequence', 'record'])
      .where('organization', '=', keys.of(organization))
      .where('sequence', '>', Math.min(after, newest))
      .orderBy('sequence')
      .limit(most),
  );
  const through = rows.length < most ? newest : (rows.at(-1)?.sequence ?? newest);
  return { records: rows.map(({ record }) => record), through };
}
