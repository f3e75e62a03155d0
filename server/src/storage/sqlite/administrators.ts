import { organizationId } from '@perch/shared';
import type { AdministratorRepository, StoredAdministrator, StoredSession } from '../../management/ports.ts';
import type { Instant, Octets } from './columns.ts';
import type { Database } from './database.ts';
import type { OrganizationSchema } from './schema.ts';

export class Administrators implements AdministratorRepository {
  readonly #db: Database<OrganizationSchema>;

  constructor(db: Database<OrganizationSchema>) {
    this.#db = db;
  }

  async byEmail(email: string): Promise<StoredAdministrator | undefined> {
    const row = this.#db.first(
      this.#db.sql.selectFrom('administrators').selectAll().where('email', '=', email),
    );
    return row && fromRow(row);
  }

  async openSession(hash: Octets, administrator: string, expiresAt: Instant, now: Instant): Promise<void> {
    const { sql } = this.#db;
    this.#db.transaction(() => {
      this.#db.run(sql.deleteFrom('sessions').where('expires_at', '<=', now));
      this.#db.run(
        sql
          .insertInto('sessions')
          .values({ hash, administrator_id: administrator, created_at: now, expires_at: expiresAt }),
      );
    });
  }

  async session(hash: Octets, now: Instant): Promise<StoredSession | undefined> {
    const row = this.#db.first(
      this.#db.sql
        .selectFrom('sessions')
        .innerJoin('administrators', 'administrators.id', 'sessions.administrator_id')
        .selectAll('administrators')
        .select('sessions.expires_at')
        .where('sessions.hash', '=', hash)
        .where('sessions.expires_at', '>', now),
    );
    return row && { administrator: fromRow(row), expiresAt: row.expires_at };
  }

  async closeSession(hash: Octets): Promise<void> {
    this.#db.run(this.#db.sql.deleteFrom('sessions').where('hash', '=', hash));
  }
}

const fromRow = (row: {
  id: string;
  organization_id: string;
  email: string;
  password_hash: string;
}): StoredAdministrator => ({
  id: row.id,
  organization: organizationId(row.organization_id),
  email: row.email,
  passwordHash: row.password_hash,
});
