import type { DeskStay, ExtensionId, OrganizationId } from '@perch/shared';
import { sql } from 'kysely';
import type { DeskStays, RecordCursor, RecordPage, StayFilter } from '../../records/ports.ts';
import type { Database } from './database.ts';
import type { OrganizationSchema } from './schema.ts';

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
    const { extensions } = filter;
    const before = placeAt(after);
    const found =
      extensions === undefined
        ? this.#page(filter, before, size + 1)
        : extensions
            .flatMap((extension) => this.#page(filter, before, size + 1, extension))
            .sort((one, other) => other.since - one.since || other.sequence - one.sequence)
            .slice(0, size + 1);
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

  #page(
    { desk, from, until }: StayFilter,
    before: Pick<Row, 'since' | 'sequence'>,
    limit: number,
    extension?: ExtensionId,
  ): readonly Row[] {
    let rows = this.#db.sql
      .selectFrom('desk_stays')
      .selectAll()
      .where('organization_id', '=', this.#organization)
      .where(sql<boolean>`(since, sequence) < (${before.since}, ${before.sequence})`);
    if (extension !== undefined) rows = rows.where('extension_id', '=', extension);
    if (desk !== undefined) rows = rows.where('desk_id', '=', desk);
    if (from !== undefined) rows = rows.where('since', '>=', from);
    if (until !== undefined) rows = rows.where('since', '<', until);
    return this.#db.all(rows.orderBy('since', 'desc').orderBy('sequence', 'desc').limit(limit));
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
