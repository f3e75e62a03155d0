import { extensionId, type ExtensionId, type OrganizationId, type TerminalId } from '@perch/shared';
import type { StayTermStore, StoredTerm } from '../../../exchange/limits/stay-term-store.ts';
import type { Records } from '../../../records/ports.ts';
import type { Database } from '../database.ts';
import type { OrganizationSchema } from '../schema.ts';

/** Calls that are looked at to find the one that ended last: they are in the order in which they began. */
const LATEST_CALLS = 8;

/** The terms of the stays of one organization. */
export class OrganizationStayTerms implements StayTermStore {
  readonly #db: Database<OrganizationSchema>;
  readonly #records: Pick<Records, 'calls'>;
  readonly #organization: OrganizationId;

  constructor(
    db: Database<OrganizationSchema>,
    records: Pick<Records, 'calls'>,
    organization: OrganizationId,
  ) {
    this.#db = db;
    this.#records = records;
    this.#organization = organization;
  }

  async load(): Promise<readonly StoredTerm[]> {
    const rows = this.#db.sql
      .selectFrom('stay_terms')
      .selectAll()
      .where('organization_id', '=', this.#organization);
    return this.#db.all(rows).map((row) => ({
      virtual: extensionId(row.virtual_id),
      since: row.since,
      warnedAt: row.warned_at,
      extendedUntil: row.extended_until,
    }));
  }

  async keep({ virtual, since, warnedAt, extendedUntil }: StoredTerm): Promise<void> {
    const of = { virtual_id: virtual, organization_id: this.#organization };
    const row = { ...of, since, warned_at: warnedAt, extended_until: extendedUntil };
    this.#db.run(this.#db.sql.replaceInto('stay_terms').values(row));
  }

  async lastCallEnd(
    extension: ExtensionId,
    terminal: TerminalId,
    since: number,
  ): Promise<number | undefined> {
    const wanted = { extensions: [extension], terminal, from: since };
    const { records } = await this.#records.calls(wanted, LATEST_CALLS);
    return records.length === 0 ? undefined : Math.max(...records.map(({ endedAt }) => endedAt));
  }
}
