import {
  KEPT_FOR_EVER,
  type Language,
  NO_STAY_LIMITS,
  organizationId,
  type OrganizationId,
  type Retention,
  type StayLimits,
} from '@perch/shared';
import type { Organization } from '../../exchange/ports.ts';
import type {
  OrganizationRepository,
  StoredPerson,
  StoredPinGuesses,
} from '../../management/repositories.ts';
import type { Clock } from '../../world/clock.ts';
import { json, spoken } from './columns.ts';
import type { Database } from './database.ts';
import { personRow } from './people/people.ts';
import type { OrganizationSchema } from './schema.ts';

export class Organizations implements OrganizationRepository {
  readonly #db: Database<OrganizationSchema>;
  readonly #clock: Clock;

  constructor(db: Database<OrganizationSchema>, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  async all(): Promise<readonly Organization[]> {
    return this.#db.all(this.#db.sql.selectFrom('organizations').selectAll()).map((row) => ({
      id: organizationId(row.id),
      name: row.name,
      domain: row.domain,
      emergencyNumbers: json.read(row.emergency_numbers),
    }));
  }

  async timeZone(organization: OrganizationId): Promise<string | null> {
    const query = this.#db.sql.selectFrom('organizations').select('time_zone').where('id', '=', organization);
    return this.#db.first(query)?.time_zone ?? null;
  }

  async setTimeZone(organization: OrganizationId, timeZone: string): Promise<void> {
    const { sql } = this.#db;
    this.#db.run(
      sql.updateTable('organizations').set({ time_zone: timeZone }).where('id', '=', organization),
    );
  }

  async language(organization: OrganizationId): Promise<Language | null> {
    const query = this.#db.sql.selectFrom('organizations').select('language').where('id', '=', organization);
    return spoken.read(this.#db.first(query)?.language ?? null);
  }

  async setLanguage(organization: OrganizationId, language: Language | null): Promise<void> {
    const { sql } = this.#db;
    this.#db.run(sql.updateTable('organizations').set({ language }).where('id', '=', organization));
  }

  async stayLimits(organization: OrganizationId): Promise<StayLimits> {
    const query = this.#db.sql
      .selectFrom('organizations')
      .select('stay_limits')
      .where('id', '=', organization);
    const kept = this.#db.first(query)?.stay_limits ?? null;
    return kept === null ? NO_STAY_LIMITS : json.read(kept);
  }

  async setStayLimits(organization: OrganizationId, limits: StayLimits): Promise<void> {
    const stay_limits = json.write(limits);
    this.#db.run(
      this.#db.sql.updateTable('organizations').set({ stay_limits }).where('id', '=', organization),
    );
  }

  async retention(organization: OrganizationId): Promise<Retention> {
    const query = this.#db.sql.selectFrom('organizations').select('retention').where('id', '=', organization);
    const kept = this.#db.first(query)?.retention ?? null;
    return kept === null ? KEPT_FOR_EVER : json.read(kept);
  }

  async setRetention(organization: OrganizationId, kept: Retention): Promise<void> {
    const retention = json.write(kept);
    this.#db.run(this.#db.sql.updateTable('organizations').set({ retention }).where('id', '=', organization));
  }

  async stationPin(organization: OrganizationId): Promise<string | null> {
    const query = this.#db.sql
      .selectFrom('organizations')
      .select('station_pin')
      .where('id', '=', organization);
    return this.#db.first(query)?.station_pin ?? null;
  }

  async setStationPin(organization: OrganizationId, station_pin: string | null): Promise<void> {
    const set = { station_pin, pin_guesses: null };
    this.#db.run(this.#db.sql.updateTable('organizations').set(set).where('id', '=', organization));
  }

  async pinGuesses(organization: OrganizationId): Promise<StoredPinGuesses | null> {
    const query = this.#db.sql
      .selectFrom('organizations')
      .select('pin_guesses')
      .where('id', '=', organization);
    const kept = this.#db.first(query)?.pin_guesses ?? null;
    return kept === null ? null : json.read(kept);
  }

  async setPinGuesses(organization: OrganizationId, guesses: StoredPinGuesses): Promise<void> {
    const pin_guesses = json.write(guesses);
    this.#db.runAlone(
      this.#db.sql.updateTable('organizations').set({ pin_guesses }).where('id', '=', organization),
    );
  }

  async forgetPinGuesses(organization: OrganizationId): Promise<void> {
    this.#db.run(
      this.#db.sql.updateTable('organizations').set({ pin_guesses: null }).where('id', '=', organization),
    );
  }

  async create(organization: Organization, administrator: StoredPerson): Promise<void> {
    const created_at = this.#clock.now();
    this.#db.transaction(() => {
      this.#db.run(
        this.#db.sql.insertInto('organizations').values({
          id: organization.id,
          name: organization.name,
          domain: organization.domain,
          emergency_numbers: json.write(organization.emergencyNumbers),
          created_at,
        }),
      );
      this.#db.run(this.#db.sql.insertInto('people').values({ ...personRow(administrator), created_at }));
    });
  }
}
