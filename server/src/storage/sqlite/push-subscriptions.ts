import { terminalId } from '@perch/shared';
import type { KeyPair, PushStore, PushSubscription } from '../../push/ports.ts';
import type { Octets } from './columns.ts';
import type { Database } from './database.ts';
import type { OrganizationSchema } from './schema.ts';

/** Which browsers take push messages, of every organization. */
export class PushSubscriptions implements PushStore {
  readonly #db: Database<OrganizationSchema>;

  constructor(db: Database<OrganizationSchema>) {
    this.#db = db;
  }

  async key(): Promise<KeyPair | undefined> {
    const row = this.#db.first(this.#db.sql.selectFrom('push_keys').selectAll());
    return row && { publicKey: row.public_key, privateKey: row.private_key };
  }

  async setKey({ publicKey, privateKey }: KeyPair): Promise<void> {
    const { sql } = this.#db;
    this.#db.transaction(() => {
      this.#db.run(sql.deleteFrom('push_keys'));
      this.#db.run(sql.insertInto('push_keys').values({ public_key: publicKey, private_key: privateKey }));
    });
  }

  async all(): Promise<readonly PushSubscription[]> {
    const rows = this.#db.sql.selectFrom('push_subscriptions').selectAll().orderBy('created_at');
    return this.#db.all(rows).map((row) => ({
      browser: row.browser,
      terminal: terminalId(row.terminal_id),
      instance: row.instance,
      endpoint: row.endpoint,
      p256dh: row.p256dh,
      auth: row.auth,
      madeAt: row.created_at,
    }));
  }

  async put({ browser, ...given }: PushSubscription): Promise<boolean> {
    const { sql } = this.#db;
    const row = {
      terminal_id: given.terminal,
      instance: given.instance,
      endpoint: given.endpoint,
      p256dh: given.p256dh,
      auth: given.auth,
      created_at: given.madeAt,
    };
    return this.#db.transaction(() => {
      const phone = sql.selectFrom('terminal_tokens').select('hash').where('hash', '=', browser);
      if (this.#db.first(phone) === undefined) return false;
      this.#db.run(
        sql
          .insertInto('push_subscriptions')
          .values({ browser, ...row })
          .onConflict((conflict) => conflict.column('browser').doUpdateSet(row)),
      );
      return true;
    });
  }

  async delete(browser: Octets): Promise<void> {
    this.#db.run(this.#db.sql.deleteFrom('push_subscriptions').where('browser', '=', browser));
  }
}
