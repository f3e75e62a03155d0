import { organizationId, type OrganizationId } from '@perch/shared';
import type { Erasure, ErasureStore, PersonalStore } from '../../../personal/ports.ts';
import { json } from '../columns.ts';
import type { Database } from '../database.ts';
import type { OrganizationSchema } from '../schema.ts';

/** The erasures that are under way. */
export class Erasures implements ErasureStore {
  readonly #db: Database<OrganizationSchema>;
  readonly #clean: () => Promise<void>;
  readonly of: (organization: OrganizationId) => PersonalStore;

  /** @param clean of all files. */
  constructor(
    db: Database<OrganizationSchema>,
    of: (organization: OrganizationId) => PersonalStore,
    clean: () => Promise<void>,
  ) {
    this.#db = db;
    this.of = of;
    this.#clean = clean;
  }

  async pending(): Promise<readonly Erasure[]> {
    return this.#db
      .all(this.#db.sql.selectFrom('erasures').selectAll().orderBy('begun_at'))
      .map(({ organization_id, person, begun_at }) => ({
        organization: organizationId(organization_id),
        person: json.read(person),
        begunAt: begun_at,
      }));
  }

  async begin({ organization, person, begunAt }: Erasure): Promise<void> {
    this.#db.run(
      this.#db.sql
        .insertInto('erasures')
        .values({
          person_id: person.id,
          organization_id: organization,
          person: json.write(person),
          begun_at: begunAt,
        })
        .onConflict((on) => on.doNothing()),
    );
  }

  clean(): Promise<void> {
    return this.#clean();
  }
}
