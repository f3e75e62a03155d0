import type { ApiTokenRepository, StoredApiToken, StoredPerson } from '../../../management/repositories.ts';
import { flag, json } from '../columns.ts';
import type { Instant, Octets } from '../columns.ts';
import type { Database } from '../database.ts';
import { personOf } from './people.ts';
import type { OrganizationSchema } from '../schema.ts';

export class ApiTokens implements ApiTokenRepository {
  readonly #db: Database<OrganizationSchema>;

  constructor(db: Database<OrganizationSchema>) {
    this.#db = db;
  }

  async insert(token: StoredApiToken): Promise<void> {
    this.#db.run(
      this.#db.sql.insertInto('api_tokens').values({
        id: token.id,
        hash: token.hash,
        person_id: token.person,
        name: token.name,
        actions: json.write(token.actions),
        proven: flag.write(token.proven),
        created_at: token.madeAt,
        expires_at: token.expiresAt,
        used_at: token.usedAt,
        used_from: token.usedFrom,
      }),
    );
  }

  async of(person: string): Promise<readonly StoredApiToken[]> {
    const rows = this.#db.sql.selectFrom('api_tokens').selectAll().where('person_id', '=', person);
    return this.#db.all(rows.orderBy('created_at', 'desc').orderBy('id')).map(tokenOf);
  }

  async find(
    hash: Octets,
    now: Instant,
  ): Promise<{ readonly token: StoredApiToken; readonly person: StoredPerson } | undefined> {
    const { sql } = this.#db;
    const row = this.#db.first(
      sql.selectFrom('api_tokens').selectAll().where('hash', '=', hash).where('expires_at', '>', now),
    );
    const person =
      row && this.#db.first(sql.selectFrom('people').selectAll().where('id', '=', row.person_id));
    return person && { token: tokenOf(row), person: personOf(person) };
  }

  async noteUse(id: string, usedFrom: string, usedAt: Instant): Promise<void> {
    const set = { used_at: usedAt, used_from: usedFrom };
    this.#db.run(this.#db.sql.updateTable('api_tokens').set(set).where('id', '=', id));
  }

  async delete(person: string, id: string): Promise<boolean> {
    const query = this.#db.sql.deleteFrom('api_tokens').where('id', '=', id).where('person_id', '=', person);
    return this.#db.run(query) > 0;
  }
}

const tokenOf = (row: OrganizationSchema['api_tokens']): StoredApiToken => ({
  id: row.id,
  hash: row.hash,
  person: row.person_id,
  name: row.name,
  actions: json.read(row.actions),
  proven: flag.read(row.proven),
  madeAt: row.created_at,
  expiresAt: row.expires_at,
  usedAt: row.used_at,
  usedFrom: row.used_from,
});
