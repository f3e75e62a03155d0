import type { AuditEntry, OrganizationId } from '@perch/shared';
import { sql } from 'kysely';
import type { AuditHead, AuditRepository, AuditSearch } from '../../management/repositories.ts';
import { json } from './columns.ts';
import type { Database } from './database.ts';
import type { OrganizationSchema } from './schema.ts';

export class Audit implements AuditRepository {
  readonly #db: Database<OrganizationSchema>;

  constructor(db: Database<OrganizationSchema>) {
    this.#db = db;
  }

  async append(
    organization: OrganizationId,
    next: (last: AuditHead | undefined) => AuditEntry,
  ): Promise<void> {
    this.add(organization, next);
  }

  /** For a change that is to be stored together with its entry, or not at all. */
  add(organization: OrganizationId, next: (last: AuditHead | undefined) => AuditEntry): void {
    this.#db.transaction(() => {
      const entry = next(this.#head(organization));
      const { position, seal, before, after, ...rest } = entry;
      const facts = { before: json.write(before), after: json.write(after) };
      this.#db.run(
        this.#db.sql
          .insertInto('audit')
          .values({ organization_id: organization, position, seal, ...rest, ...facts }),
      );
      this.#db.run(
        this.#db.sql
          .insertInto('audit_heads')
          .values({ organization_id: organization, position, seal })
          .onConflict((on) => on.column('organization_id').doUpdateSet({ position, seal })),
      );
    });
  }

  async head(organization: OrganizationId): Promise<AuditHead | undefined> {
    return this.#head(organization);
  }

  async read(
    organization: OrganizationId,
    { text, action, from, until, before }: AuditSearch,
    limit: number,
  ): Promise<readonly AuditEntry[]> {
    let rows = this.#of(organization);
    if (before !== undefined) rows = rows.where('position', '<', before);
    if (action !== undefined) rows = rows.where('action', '=', action);
    if (from !== undefined) rows = rows.where('at', '>=', from);
    if (until !== undefined) rows = rows.where('at', '<', until);
    if (text !== undefined && text !== '') {
      const pattern = `%${text.replaceAll(/[\\%_]/g, (one) => `\\${one}`)}%`;
      const like = (column: 'who' | 'about' | 'address') =>
        sql<boolean>`${sql.ref(column)} LIKE ${pattern} ESCAPE '\\'`;
      rows = rows.where((e) => e.or([like('who'), like('about'), like('address')]));
    }
    return this.#db.all(rows.orderBy('position', 'desc').limit(limit)).map(entryOf);
  }

  async readOn(organization: OrganizationId, after: number, limit: number): Promise<readonly AuditEntry[]> {
    const rows = this.#of(organization).where('position', '>', after);
    return this.#db.all(rows.orderBy('position').limit(limit)).map(entryOf);
  }

  #of(organization: OrganizationId) {
    return this.#db.sql.selectFrom('audit').selectAll().where('organization_id', '=', organization);
  }

  #head(organization: OrganizationId): AuditHead | undefined {
    return this.#db.first(
      this.#db.sql
        .selectFrom('audit_heads')
        .select(['position', 'seal'])
        .where('organization_id', '=', organization),
    );
  }
}

const entryOf = ({
  organization_id: _,
  before,
  after,
  ...rest
}: OrganizationSchema['audit']): AuditEntry => ({
  ...rest,
  before: json.read(before),
  after: json.read(after),
});
