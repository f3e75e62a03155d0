import { extensionId, organizationId } from '@perch/shared';
import type { PersonRepository, StoredPerson, StoredSession } from '../../management/ports.ts';
import type { Clock } from '../../world/clock.ts';
import { json } from './columns.ts';
import type { Instant, Octets } from './columns.ts';
import type { Database } from './database.ts';
import type { OrganizationSchema } from './schema.ts';

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

  async byEmail(email: string): Promise<readonly StoredPerson[]> {
    const rows = this.#db.sql.selectFrom('people').selectAll().where('email', '=', email);
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

  async closeSession(hash: Octets): Promise<void> {
    this.#db.run(this.#db.sql.deleteFrom('sessions').where('hash', '=', hash));
  }
}

const sessionOf = (row: OrganizationSchema['sessions']): StoredSession => ({
  hash: row.hash,
  person: row.person_id,
  openedAt: row.created_at,
  expiresAt: row.expires_at,
  browser: row.browser,
  address: row.address,
  heardAt: row.heard_at,
});

const personOf = (row: PersonRow): StoredPerson => ({
  id: row.id,
  organization: organizationId(row.organization_id),
  email: row.email,
  passwordHash: row.password_hash,
  roles: json.read(row.roles),
  extension: row.extension_id === null ? null : extensionId(row.extension_id),
  groups: json.read(row.groups),
});

export const personRow = (person: StoredPerson): PersonRow => ({
  id: person.id,
  organization_id: person.organization,
  email: person.email,
  password_hash: person.passwordHash,
  roles: json.write(person.roles),
  extension_id: person.extension,
  groups: json.write(person.groups),
});
