import { type OrganizationId, terminalId } from '@perch/shared';
import type { HelpCallStore, StoredHelpCall } from '../../exchange/call/admission/help-call-store.ts';
import type { Database } from './database.ts';
import type { OrganizationSchema } from './schema.ts';

/** From where help was called in one organization. */
export class OrganizationHelpCalls implements HelpCallStore {
  readonly #db: Database<OrganizationSchema>;
  readonly #organization: OrganizationId;

  constructor(db: Database<OrganizationSchema>, organization: OrganizationId) {
    this.#db = db;
    this.#organization = organization;
  }

  async load(): Promise<readonly StoredHelpCall[]> {
    const { sql } = this.#db;
    return this.#db
      .all(sql.selectFrom('help_calls').selectAll().where('organization_id', '=', this.#organization))
      .map(({ number, own, terminal_id, at }) => ({
        ...{ number, at, isOwn: own === 1 },
        terminal: terminalId(terminal_id),
      }));
  }

  async keep(calls: readonly StoredHelpCall[], forgetBefore: number): Promise<void> {
    const { sql } = this.#db;
    const organization_id = this.#organization;
    this.#db.transactionAlone(() => {
      this.#db.run(
        sql
          .deleteFrom('help_calls')
          .where('organization_id', '=', organization_id)
          .where('at', '<', forgetBefore),
      );
      for (const { number, terminal: terminal_id, isOwn, at } of calls) {
        const own = isOwn ? 1 : 0;
        this.#db.run(
          sql
            .insertInto('help_calls')
            .values({ organization_id, number, own, terminal_id, at })
            .onConflict((c) =>
              c.columns(['organization_id', 'number', 'own']).doUpdateSet({ terminal_id, at }),
            ),
        );
      }
    });
  }
}
