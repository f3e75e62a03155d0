import { extensionId, organizationId } from '@perch/shared';
import type { OrganizationId, Role } from '@perch/shared';
import type {
  PersonRepository,
  StoredLink,
  StoredPerson,
  StoredSession,
} from '../../../management/repositories.ts';
import type { Clock } from '../../../world/clock.ts';
import { json, spoken } from '../columns.ts';
import type { Instant, Json, Octets } from '../columns.ts';
import type { Database } from '../database.ts';
import type { OrganizationSchema } from '../schema.ts';

type PersonRow = Omit<OrganizationSchema['people'], 'created_at'>;

export class People implements PersonRepository {
  readonly #db: Database<OrganizationSchema>;
  readonly #clock: Clock;

  constructor(db: Database<OrganizationSchema>, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  async insert(person: StoredPerson): Promise<void> {
    const row = { ...personRow(person), created_at: this.#clock.now() };
    this.#db.run(this.#db.sql.insertInto('people').values(row));
  }

  async byId(id: string): Promise<StoredPerson | undefined> {
    const row = this.#db.first(this.#db.sql.selectFrom('people').selectAll().where('id', '=', id));
    return row && personOf(row);
  }

  async all(organization: OrganizationId): Promise<readonly StoredPerson[]> {
    const rows = this.#db.sql.selectFrom('people').selectAll().where('organization_id', '=', organization);
    return this.#db.all(rows.orderBy('created_at')).map(personOf);
  }

  async seen(
    organization: OrganizationId,
    now: Instant,
  ): Promise<ReadonlyMap<string, { readonly sessions: number; readonly heardAt: Instant }>> {
    const rows = this.#db.all(
      this.#db.sql
        .selectFrom('sessions')
        .innerJoin('people', 'people.id', 'sessions.person_id')
        .select(['person_id', (e) => e.fn.countAll<number>().as('sessions')])
        .select((e) => e.fn.max('heard_at').as('heardAt'))
        .where('organization_id', '=', organization)
        .where('expires_at', '>', now)
        .groupBy('person_id'),
    );
    return new Map(rows.map(({ person_id, sessions, heardAt }) => [person_id, { sessions, heardAt }]));
  }

  async update(person: StoredPerson): Promise<void> {
    const { roles, extension_id, groups, language } = personRow(person);
    this.#db.run(
      this.#db.sql
        .updateTable('people')
        .set({ roles, extension_id, groups, language })
        .where('id', '=', person.id),
    );
  }

  async delete(id: string): Promise<void> {
    this.#db.run(this.#db.sql.deleteFrom('people').where('id', '=', id));
  }

  async replaceLink({ hash, person, madeAt, madeBy, expiresAt }: StoredLink): Promise<void> {
    const { sql } = this.#db;
    const row = { hash, person_id: person, created_at: madeAt, made_by: madeBy, expires_at: expiresAt };
    this.#db.transaction(() => {
      this.#db.run(sql.deleteFrom('person_links').where('person_id', '=', person));
      this.#db.run(sql.insertInto('person_links').values(row));
    });
  }

  async linked(hash: Octets, now: Instant): Promise<StoredPerson | undefined> {
    const row = this.#db.first(
      this.#db.sql
        .selectFrom('person_links')
        .innerJoin('people', 'people.id', 'person_links.person_id')
        .selectAll('people')
        .where('person_links.hash', '=', hash)
        .where('person_links.expires_at', '>', now),
    );
    return row && personOf(row);
  }

  async useLink(hash: Octets, passwordHash: string, now: Instant): Promise<boolean> {
    const { sql } = this.#db;
    return this.#db.transaction(() => {
      const link = this.#db.first(
        sql.selectFrom('person_links').selectAll().where('hash', '=', hash).where('expires_at', '>', now),
      );
      if (!link) return false;
      this.#db.run(sql.deleteFrom('person_links').where('hash', '=', hash));
      this.#db.run(sql.deleteFrom('sessions').where('person_id', '=', link.person_id));
      this.#db.run(
        sql.updateTable('people').set({ password_hash: passwordHash }).where('id', '=', link.person_id),
      );
      return true;
    });
  }

  async byEmail(email: string): Promise<readonly StoredPerson[]> {
    const rows = this.#db.sql.selectFrom('people').selectAll().where('email', '=', email);
    return this.#db.all(rows.orderBy('created_at')).map(personOf);
  }

  async withRole(role: Role): Promise<readonly StoredPerson[]> {
    const rows = this.#db.sql.selectFrom('people').selectAll().where('roles', 'like', jsonHaving(role));
    return this.#db.all(rows.orderBy('created_at')).map(personOf);
  }

  async openSession(session: StoredSession): Promise<void> {
    const { sql } = this.#db;
    this.#db.transaction(() => {
      this.#db.run(sql.deleteFrom('sessions').where('expires_at', '<=', session.openedAt));
      this.#db.run(
        sql.insertInto('sessions').values({
          hash: session.hash,
          person_id: session.person,
          created_at: session.openedAt,
          expires_at: session.expiresAt,
          browser: session.browser,
          address: session.address,
          heard_at: session.heardAt,
          provided: session.provided,
        }),
      );
    });
  }

  async session(
    hash: Octets,
    now: Instant,
  ): Promise<{ readonly session: StoredSession; readonly person: StoredPerson } | undefined> {
    const open = this.#db.first(
      this.#db.sql.selectFrom('sessions').selectAll().where('hash', '=', hash).where('expires_at', '>', now),
    );
    const person =
      open && this.#db.first(this.#db.sql.selectFrom('people').selectAll().where('id', '=', open.person_id));
    return person && { session: sessionOf(open), person: personOf(person) };
  }

  async noteSession(hash: Octets, address: string, heardAt: Instant): Promise<void> {
    this.#db.run(
      this.#db.sql.updateTable('sessions').set({ address, heard_at: heardAt }).where('hash', '=', hash),
    );
  }

  async sessionsOf(person: string, now: Instant): Promise<readonly StoredSession[]> {
    const rows = this.#db.sql
      .selectFrom('sessions')
      .selectAll()
      .where('person_id', '=', person)
      .where('expires_at', '>', now);
    return this.#db.all(rows.orderBy('created_at', 'desc')).map(sessionOf);
  }

  async closeSessionsOf(person: string, kept?: Octets): Promise<void> {
    const all = this.#db.sql.deleteFrom('sessions').where('person_id', '=', person);
    this.#db.run(kept ? all.where('hash', '!=', kept) : all);
  }

  async closeSession(hash: Octets): Promise<void> {
    this.#db.run(this.#db.sql.deleteFrom('sessions').where('hash', '=', hash));
  }
}

/** Pattern of a list of roles that has this one. */
const jsonHaving = (role: Role) => `%"${role}"%` as Json<readonly Role[]>;

const sessionOf = (row: OrganizationSchema['sessions']): StoredSession => ({
  hash: row.hash,
  person: row.person_id,
  openedAt: row.created_at,
  expiresAt: row.expires_at,
  browser: row.browser,
  address: row.address,
  heardAt: row.heard_at,
  provided: row.provided,
});

export const personOf = (row: PersonRow): StoredPerson => ({
  id: row.id,
  organization: organizationId(row.organization_id),
  email: row.email,
  passwordHash: row.password_hash,
  roles: json.read(row.roles),
  extension: row.extension_id === null ? null : extensionId(row.extension_id),
  groups: json.read(row.groups),
  language: spoken.read(row.language),
});

export const personRow = (person: StoredPerson): PersonRow => ({
  id: person.id,
  organization_id: person.organization,
  email: person.email,
  password_hash: person.passwordHash,
  roles: json.write(person.roles),
  extension_id: person.extension,
  groups: json.write(person.groups),
  language: person.language,
});
