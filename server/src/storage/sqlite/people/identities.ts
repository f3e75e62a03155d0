import type { OrganizationId } from '@perch/shared';
import type { IdentityRepository, ProvidedIdentity, StoredPerson } from '../../../management/repositories.ts';
import type { Clock } from '../../../world/clock.ts';
import type { Database } from '../database.ts';
import { personOf } from './people.ts';
import type { OrganizationSchema } from '../schema.ts';

export class Identities implements IdentityRepository {
  readonly #db: Database<OrganizationSchema>;
  readonly #clock: Clock;

  constructor(db: Database<OrganizationSchema>, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  async people({ issuer, subject }: ProvidedIdentity): Promise<readonly StoredPerson[]> {
    const rows = this.#db.sql
      .selectFrom('identities')
      .innerJoin('people', 'people.id', 'identities.person_id')
      .selectAll('people')
      .where('issuer', '=', issuer)
      .where('subject', '=', subject);
    return this.#db.all(rows.orderBy('people.created_at')).map(personOf);
  }

  async of(person: string): Promise<ProvidedIdentity | undefined> {
    const query = this.#db.sql.selectFrom('identities').select(['issuer', 'subject']);
    return this.#db.first(query.where('person_id', '=', person));
  }

  async known(organization: OrganizationId): Promise<ReadonlySet<string>> {
    const rows = this.#db.all(
      this.#db.sql
        .selectFrom('identities')
        .innerJoin('people', 'people.id', 'identities.person_id')
        .select('person_id')
        .where('organization_id', '=', organization),
    );
    return new Set(rows.map(({ person_id }) => person_id));
  }

  async keep(person: string, { issuer, subject }: ProvidedIdentity): Promise<void> {
    const row = { person_id: person, issuer, subject, created_at: this.#clock.now() };
    this.#db.run(
      this.#db.sql
        .insertInto('identities')
        .values(row)
        .onConflict((on) => on.column('person_id').doNothing()),
    );
  }

  async delete(person: string): Promise<void> {
    this.#db.run(this.#db.sql.deleteFrom('identities').where('person_id', '=', person));
  }
}
