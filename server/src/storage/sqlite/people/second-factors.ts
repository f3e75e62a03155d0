import type { OrganizationId, SignInPolicy } from '@perch/shared';
import type { SecondFactorRepository, StoredSecondFactor } from '../../../management/repositories.ts';
import type { Clock } from '../../../world/clock.ts';
import type { Octets } from '../columns.ts';
import type { Database } from '../database.ts';
import type { OrganizationSchema } from '../schema.ts';

export class SecondFactors implements SecondFactorRepository {
  readonly #db: Database<OrganizationSchema>;
  readonly #clock: Clock;

  constructor(db: Database<OrganizationSchema>, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  async of(person: string): Promise<StoredSecondFactor | undefined> {
    const row = this.#db.first(
      this.#db.sql.selectFrom('second_factors').selectAll().where('person_id', '=', person),
    );
    return row && { secret: row.secret, isOn: row.last_step !== null };
  }

  async on(organization: OrganizationId): Promise<ReadonlySet<string>> {
    const rows = this.#db.all(
      this.#db.sql
        .selectFrom('second_factors')
        .innerJoin('people', 'people.id', 'second_factors.person_id')
        .select('person_id')
        .where('organization_id', '=', organization)
        .where('last_step', 'is not', null),
    );
    return new Set(rows.map(({ person_id }) => person_id));
  }

  async begin(person: string, secret: Octets): Promise<boolean> {
    const row = { person_id: person, secret, last_step: null, created_at: this.#clock.now() };
    const query = this.#db.sql
      .insertInto('second_factors')
      .values(row)
      .onConflict((on) => on.column('person_id').doUpdateSet({ secret }).where('last_step', 'is', null));
    return this.#db.run(query) > 0;
  }

  async turnOn(
    person: string,
    secret: Octets,
    step: number,
    recoveryCodes: readonly Octets[],
  ): Promise<boolean> {
    const query = this.#db.sql
      .updateTable('second_factors')
      .set({ last_step: step })
      .where('person_id', '=', person)
      .where('secret', '=', secret)
      .where('last_step', 'is', null);
    return this.#db.transaction(() => {
      if (this.#db.run(query) === 0) return false;
      this.#replaceRecoveryCodes(person, recoveryCodes);
      return true;
    });
  }

  async useStep(person: string, step: number): Promise<boolean> {
    const query = this.#db.sql
      .updateTable('second_factors')
      .set({ last_step: step })
      .where('person_id', '=', person)
      .where('last_step', '<', step);
    return this.#db.runAlone(query) > 0;
  }

  async useRecoveryCode(person: string, hash: Octets): Promise<boolean> {
    const query = this.#db.sql
      .deleteFrom('recovery_codes')
      .where('person_id', '=', person)
      .where('hash', '=', hash);
    return this.#db.runAlone(query) > 0;
  }

  async recoveryCodes(person: string): Promise<number> {
    const query = this.#db.sql
      .selectFrom('recovery_codes')
      .select((e) => e.fn.countAll<number>().as('left'))
      .where('person_id', '=', person);
    return this.#db.first(query)?.left ?? 0;
  }

  async replaceRecoveryCodes(person: string, hashes: readonly Octets[]): Promise<void> {
    this.#db.transaction(() => this.#replaceRecoveryCodes(person, hashes));
  }

  async delete(person: string): Promise<void> {
    const { sql } = this.#db;
    this.#db.transaction(() => {
      this.#db.run(sql.deleteFrom('second_factors').where('person_id', '=', person));
      this.#db.run(sql.deleteFrom('recovery_codes').where('person_id', '=', person));
    });
  }

  async policy(organization: OrganizationId): Promise<SignInPolicy> {
    const row = this.#db.first(
      this.#db.sql.selectFrom('sign_in_policies').selectAll().where('organization_id', '=', organization),
    );
    return { secondFactorOf: row?.second_factor_of ?? 'nobody' };
  }

  async setPolicy(organization: OrganizationId, { secondFactorOf }: SignInPolicy): Promise<void> {
    const set = { second_factor_of: secondFactorOf };
    this.#db.run(
      this.#db.sql
        .insertInto('sign_in_policies')
        .values({ organization_id: organization, ...set })
        .onConflict((on) => on.column('organization_id').doUpdateSet(set)),
    );
  }

  #replaceRecoveryCodes(person: string, hashes: readonly Octets[]): void {
    const { sql } = this.#db;
    this.#db.run(sql.deleteFrom('recovery_codes').where('person_id', '=', person));
    for (const hash of hashes)
      this.#db.run(sql.insertInto('recovery_codes').values({ person_id: person, hash }));
  }
}
