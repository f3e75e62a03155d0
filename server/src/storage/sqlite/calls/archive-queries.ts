import { sql } from 'kysely';
import type { CallFilter } from '../../../records/ports.ts';
import type { Json } from '../columns.ts';
import type { Database } from '../database.ts';
import type { ArchiveKeys } from './archive-keys.ts';
import type { StoredRecord } from './forms/record-form.ts';
import { UNRETURNED } from './archive-writer.ts';
import type { ArchiveSchema } from './schema.ts';

/** Where a page begins: below that record, and not with records that were written later than `through`. */
export interface Position {
  readonly through: number;
  readonly startedAt: number;
  readonly sequence: number;
}

/** Which records are wanted: the first `limit` of those from there on, the latest first. */
export interface Wanted {
  readonly organization: string;
  readonly filter: CallFilter;
  readonly from: Position;
  readonly limit: number;
}

/** A record of the archive, and its place in the order. */
export interface FoundRecord {
  readonly sequence: number;
  readonly startedAt: number;
  /** It is read where it is needed. */
  readonly record: Json<StoredRecord>;
}

interface Place {
  readonly sequence: number;
  readonly started_at: number;
}

/** The newest number in the archive; 0 where it is empty. */
export function newestIn(db: Database<ArchiveSchema>): number {
  const newest = db.sql.selectFrom('call_records').select((e) => e.fn.max('sequence').as('sequence'));
  return db.first(newest)?.sequence ?? 0;
}

export function find(db: Database<ArchiveSchema>, keys: ArchiveKeys, wanted: Wanted): readonly FoundRecord[] {
  const { extensions } = wanted.filter;
  // Each extension's calls are in order in the index; those of several are brought into one order here.
  const places =
    extensions === undefined
      ? db.all(placesOf(db, keys, wanted, undefined))
      : merged(
          extensions.map((extension) => db.all(placesOf(db, keys, wanted, extension))),
          wanted.limit,
        );
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

/** The numbers of the calls of one extension, or of all, that the filter asks for. */
export function placesOf(
  db: Database<ArchiveSchema>,
  keys: ArchiveKeys,
  wanted: Wanted,
  extension: string | undefined,
) {
  const { terminal, direction, missed } = wanted.filter;
  const isAboutParts =
    extension !== undefined || terminal !== undefined || direction !== undefined || missed !== undefined;
  return isAboutParts ? placesOfParts(db, keys, wanted, extension) : placesOfRecords(db, keys, wanted);
}

function placesOfRecords(
  { sql: query }: Database<ArchiveSchema>,
  keys: ArchiveKeys,
  { organization, filter, from, limit }: Wanted,
) {
  let rows = query
    .selectFrom('call_records')
    .select(['sequence', 'started_at'])
    .where('organization', '=', keys.of(organization))
    .where('sequence', '<=', from.through)
    .where(isBelow(filter, from));
  if (filter.result !== undefined) rows = rows.where('result', '=', filter.result);
  // For SQLite to see that the index has them all.
  if (filter.result !== undefined && filter.result !== 'answered')
    rows = rows.where(sql<boolean>`result <> 'answered'`);
  if (filter.from !== undefined) rows = rows.where('started_at', '>=', filter.from);
  return rows.orderBy('started_at', 'desc').orderBy('sequence', 'desc').limit(limit);
}

function placesOfParts(
  { sql: query }: Database<ArchiveSchema>,
  keys: ArchiveKeys,
  { organization, filter, from, limit }: Wanted,
  extension: string | undefined,
) {
  const { terminal, direction, result, missed } = filter;
  let rows = query
    .selectFrom('call_parts')
    .select(['sequence', 'started_at'])
    .where('organization', '=', keys.of(organization))
    .where('sequence', '<=', from.through)
    .where(isBelow(filter, from));
  if (extension !== undefined) rows = rows.where('extension', '=', keys.of(extension));
  if (terminal !== undefined) rows = rows.where('terminal', '=', keys.of(terminal));
  if (direction !== undefined) rows = rows.where('role', direction === 'made' ? '=' : '<>', 'caller');
  if (result !== undefined) rows = rows.where('call_result', '=', result);
  if (missed === 'all') rows = rows.where(sql<boolean>`result = 'missed'`);
  if (missed === 'unreturned') rows = rows.where(UNRETURNED);
  if (filter.from !== undefined) rows = rows.where('started_at', '>=', filter.from);
  // A call has one part for each extension: several may be asked for.
  return rows
    .groupBy(['started_at', 'sequence'])
    .orderBy('started_at', 'desc')
    .orderBy('sequence', 'desc')
    .limit(limit);
}

/** One bound for both, which an index can begin at: with two, SQLite begins at the first and reads all that is later than the other one. */
function isBelow({ until = Infinity }: CallFilter, { startedAt, sequence }: Position) {
  const [at, before] = startedAt < until ? [startedAt, sequence] : [until, 0];
  return sql<boolean>`(started_at, sequence) < (${at}, ${before})`;
}

/** Several lists, each in order and without duplicates, as one. */
function merged(lists: readonly (readonly Place[])[], limit: number): readonly Place[] {
  const all = new Map(lists.flat().map((place) => [place.sequence, place]));
  return [...all.values()]
    .sort((one, other) => other.started_at - one.started_at || other.sequence - one.sequence)
    .slice(0, limit);
}
