import type { DeskStay, ExtensionId, OrganizationId } from '@perch/shared';
import { sql } from 'kysely';
import type { DeskStays, RecordCursor, RecordPage, StayFilter } from '../../../records/ports.ts';
import type { Database } from '../database.ts';
import type { OrganizationSchema } from '../schema.ts';

type Row = OrganizationSchema['desk_stays'] extends infer Table
  ? { readonly [column in keyof Table]: column extends 'sequence' ? number : Table[column] }
  : never;

/** Who was a guest at whose desk, in one organization. */
export class OrganizationDeskStays implements DeskStays {
  readonly #db: Database<OrganizationSchema>;
  readonly #organization: OrganizationId;

  constructor(db: Database<OrganizationSchema>, organization: OrganizationId) {
    this.#db = db;
    this.#organization = organization;
  }

  async page(filter: StayFilter, size: number, after?: RecordCursor): Promise<RecordPage<DeskStay>> {
    const wanted = { organization: this.#organization, filter, before: placeAt(after), limit: size + 1 };
    const found = this.#db.all(staysOf(this.#db, wanted));
    const shown = found.slice(0, size);
    const last = found.length > size ? shown.at(-1) : undefined;
    return { records: shown.map(stayOf), next: last ? cursorAt(last) : null };
  }

  async guestAt(extension: ExtensionId, at: number): Promise<DeskStay | undefined> {
    return this.#present('extension_id', extension, at);
  }

  async guestHere(desk: ExtensionId, at: number): Promise<DeskStay | undefined> {
    return this.#present('desk_id', desk, at);
  }

  /** One at a time: an extension is virtual once, and a desk has one guest. */
  #present(column: 'extension_id' | 'desk_id', id: ExtensionId, at: number): DeskStay | undefined {
    const latest = this.#db.first(
      this.#db.sql
        .selectFrom('desk_stays')
        .selectAll()
        .where('organization_id', '=', this.#organization)
        .where(column, '=', id)
        .where('since', '<=', at)
        .orderBy('since', 'desc')
        .orderBy('sequence', 'desc')
        .limit(1),
    );
    return latest && (latest.until === null || latest.until > at) ? stayOf(latest) : undefined;
  }
}

interface Wanted {
  readonly organization: OrganizationId;
  readonly filter: StayFilter;
  readonly before: Pick<Row, 'since' | 'sequence'>;
  readonly limit: number;
}

/** The first stays from there on that the filter asks for, the latest first. */
export const staysOf = (db: Database<OrganizationSchema>, wanted: Wanted) =>
  db.sql
    .selectFrom('desk_stays')
    .selectAll()
    .where('sequence', 'in', placesOf(db, wanted))
    .orderBy('since', 'desc')
    .orderBy('sequence', 'desc');

const indexFor = ({ extensions, desk }: StayFilter): string =>
  extensions ? 'desk_stays_extension' : desk ? 'desk_stays_desk' : 'desk_stays_since';

/** Their numbers, which indexes have: of whole stays, only a page is read. */
function placesOf(
  { sql: query }: Database<OrganizationSchema>,
  { organization, filter, before, limit }: Wanted,
) {
  const { extensions, desk, from, until } = filter;
  let rows = query
    .selectFrom(
      sql<OrganizationSchema['desk_stays']>`desk_stays`.as<'desk_stays'>(
        // Of its own accord SQLite reads everyone's where a desk is asked for besides.
        sql`desk_stays indexed by ${sql.ref(indexFor(filter))}`,
      ),
    )
    .select('sequence')
    .where('organization_id', '=', organization)
    .where(sql<boolean>`(since, sequence) < (${before.since}, ${before.sequence})`);
  if (extensions !== undefined) rows = rows.where('extension_id', 'in', extensions);
  if (desk !== undefined) rows = rows.where('desk_id', '=', desk);
  if (from !== undefined) rows = rows.where('since', '>=', from);
  if (until !== undefined) rows = rows.where('since', '<', until);
  return rows.orderBy('since', 'desc').orderBy('sequence', 'desc').limit(limit);
}

const stayOf = (row: Row): DeskStay => ({
  extension: { number: row.number, name: row.name },
  desk: { number: row.desk_number, name: row.desk_name },
  from: row.since,
  way: row.way,
  until: row.until,
  endedBy: row.ended_by,
  endedWay: row.ended_way,
  ender: row.ender,
});

const cursorAt = ({ since, sequence }: Pick<Row, 'since' | 'sequence'>): RecordCursor =>
  `${since.toString(36)}.${sequence.toString(36)}` as RecordCursor;

function placeAt(cursor: RecordCursor | undefined): Pick<Row, 'since' | 'sequence'> {
  if (cursor === undefined) return { since: Number.MAX_SAFE_INTEGER, sequence: 0 };
  const [since = 0, sequence = 0] = cursor.split('.').map((part) => parseInt(part, 36) || 0);
  return { since, sequence };
}
