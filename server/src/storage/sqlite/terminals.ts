import { extensionId } from '@perch/shared';
import type { ExtensionId } from '@perch/shared';
import type {
  LastHeard,
  StoredBrowser,
  StoredEnrolment,
  TerminalRepository,
} from '../../management/repositories.ts';
import type { Octets } from './columns.ts';
import type { Database } from './database.ts';
import type { OrganizationSchema } from './schema.ts';

/** How long a link that can no longer be used is kept (milliseconds), so that a person who opens it is told why. */
const REMEMBERED_MS = 30 * 86_400_000;

export class Terminals implements TerminalRepository {
  readonly #db: Database<OrganizationSchema>;

  constructor(db: Database<OrganizationSchema>) {
    this.#db = db;
  }

  async browsers(): Promise<readonly StoredBrowser[]> {
    const rows = this.#db.sql.selectFrom('terminal_tokens').selectAll().orderBy('created_at');
    return this.#db.all(rows).map((row) => ({
      hash: row.hash,
      extension: extensionId(row.extension_id),
      madeAt: row.created_at,
      madeBy: row.made_by,
      browser: row.browser,
      address: row.address,
      heardAt: row.heard_at,
    }));
  }

  async deleteToken(hash: Octets): Promise<void> {
    this.#db.run(this.#db.sql.deleteFrom('terminal_tokens').where('hash', '=', hash));
  }

  async noteHeard(browsers: readonly LastHeard[]): Promise<void> {
    this.#db.transaction(() => {
      for (const { hash, address, heardAt } of browsers)
        this.#db.run(
          this.#db.sql
            .updateTable('terminal_tokens')
            .set({ address, heard_at: heardAt })
            .where('hash', '=', hash),
        );
    });
  }

  async insertEnrolment({
    hash,
    extension,
    usesLeft,
    expiresAt,
    madeAt,
    madeBy,
  }: StoredEnrolment): Promise<void> {
    const { sql } = this.#db;
    this.#db.transaction(() => {
      this.#db.run(sql.deleteFrom('enrolments').where('expires_at', '<=', madeAt - REMEMBERED_MS));
      this.#db.run(
        sql.insertInto('enrolments').values({
          hash,
          extension_id: extension,
          uses_left: usesLeft,
          expires_at: expiresAt,
          created_at: madeAt,
          made_by: madeBy,
        }),
      );
    });
  }

  async enrolment(hash: Octets): Promise<StoredEnrolment | undefined> {
    const row = this.#db.first(this.#db.sql.selectFrom('enrolments').selectAll().where('hash', '=', hash));
    return row && toEnrolment(row);
  }

  async openEnrolments(extension: ExtensionId, now: number): Promise<readonly StoredEnrolment[]> {
    const rows = this.#db.sql
      .selectFrom('enrolments')
      .selectAll()
      .where('extension_id', '=', extension)
      .where('uses_left', '>', 0)
      .where('expires_at', '>', now);
    return this.#db.all(rows.orderBy('created_at')).map(toEnrolment);
  }

  async deleteEnrolment(hash: Octets): Promise<void> {
    this.#db.run(this.#db.sql.deleteFrom('enrolments').where('hash', '=', hash));
  }

  async redeem(enrolmentHash: Octets, browser: StoredBrowser): Promise<boolean> {
    const { sql } = this.#db;
    return this.#db.transaction(() => {
      const taken = this.#db.run(
        sql
          .updateTable('enrolments')
          .set((e) => ({ uses_left: e('uses_left', '-', 1) }))
          .where('hash', '=', enrolmentHash)
          .where('uses_left', '>', 0),
      );
      if (taken === 0) return false;
      this.#db.run(
        sql.insertInto('terminal_tokens').values({
          hash: browser.hash,
          extension_id: browser.extension,
          created_at: browser.madeAt,
          made_by: browser.madeBy,
          browser: browser.browser,
          address: browser.address,
          heard_at: browser.heardAt,
        }),
      );
      return true;
    });
  }
}

const toEnrolment = (row: OrganizationSchema['enrolments']): StoredEnrolment => ({
  hash: row.hash,
  extension: extensionId(row.extension_id),
  usesLeft: row.uses_left,
  expiresAt: row.expires_at,
  madeAt: row.created_at,
  madeBy: row.made_by,
});
