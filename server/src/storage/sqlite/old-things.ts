import type { OrganizationId } from '@perch/shared';
import { sql } from 'kysely';
import type { OldThings } from '../../retention/ports.ts';
import type { Audit } from './audit/audit.ts';
import type { RecordArchive } from './calls/record-archive.ts';
import type { Database } from './database.ts';
import type { OrganizationSchema } from './schema.ts';

/** What is old in one organization. */
export class OrganizationOldThings implements OldThings {
  readonly #db: Database<OrganizationSchema>;
  readonly #archive: RecordArchive;
  readonly #audit: Audit;
  readonly #organization: OrganizationId;

  constructor(
    db: Database<OrganizationSchema>,
    archive: RecordArchive,
    audit: Audit,
    organization: OrganizationId,
  ) {
    this.#db = db;
    this.#archive = archive;
    this.#audit = audit;
    this.#organization = organization;
  }

  calls(before: number, most: number): Promise<number> {
    return this.#archive.forget({ organization: this.#organization, before, most });
  }

  async moves(before: number, most: number): Promise<number> {
    const stays = this.#deleteFrom('desk_stays', 'until', before, most);
    return stays + this.#deleteFrom('virtualization_records', 'at', before, most - stays);
  }

  async audit(before: number, most: number): Promise<number> {
    return this.#audit.forget(this.#organization, before, most);
  }

  /** A stay that goes on has no end, and is never older. */
  #deleteFrom(
    table: 'desk_stays' | 'virtualization_records',
    time: 'until' | 'at',
    before: number,
    most: number,
  ): number {
    const found = this.#db.all(oldest(this.#db, this.#organization, table, time, before).limit(most));
    const numbers = found.map(({ sequence }) => sequence);
    if (numbers.length > 0) this.#db.run(this.#db.sql.deleteFrom(table).where('sequence', 'in', numbers));
    return numbers.length;
  }
}

/** Those of that table that are older; an index leads to them, also where there are none. */
export const oldest = (
  { sql: query }: Database<OrganizationSchema>,
  organization: string,
  table: 'desk_stays' | 'virtualization_records',
  time: 'until' | 'at',
  before: number,
) =>
  query
    .selectFrom(table)
    .select('sequence')
    .where('organization_id', '=', organization)
    .where(sql<boolean>`${sql.ref(time)} < ${before}`);
