import { organizationId, type OrganizationId } from '@perch/shared';
import type { Person } from '../../../personal/person.ts';
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
      .flatMap(({ organization_id, person: stored, begun_at: begunAt }) => {
        const person = json.read(stored);
        return person === null ? [] : [{ organization: organizationId(organization_id), person, begunAt }];
      });
  }

  async begin({ organization, person, begunAt }: Erasure): Promise<void> {
    this.#db.run(
      this.#db.sql
        .insertInto('erasures')
        .values({
          person_id: person.id,
          organization_id: organization,
          person: json.write<Person | null>(person),
          begun_at: begunAt,
        })
        .onConflict((on) => on.doNothing()),
    );
  }

  async isToBeCleaned(): Promise<boolean> {
    return this.#finished().length > 0;
  }

  async clean(): Promise<void> {
    const finished = this.#finished();
    await this.#clean();
    this.#db.run(this.#db.sql.deleteFrom('erasures').where('person_id', 'in', finished));
  }

  #finished(): string[] {
    return this.#db
      .all(this.#db.sql.selectFrom('erasures').selectAll())
      .flatMap(({ person_id, person }) => (json.read(person) === null ? [person_id] : []));
  }
}
