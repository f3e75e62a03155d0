import { type CallRecord, extensionId, type ExtensionId, type OrganizationId } from '@perch/shared';
import type { OwnStore, StoredOwnThings } from '../../exchange/own/ports.ts';
import type { Records } from '../../records/ports.ts';
import type { Database } from './database.ts';
import type { OrganizationSchema } from './schema.ts';

/** What the extensions of one organization have of their own. */
export class OrganizationOwnThings implements OwnStore {
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

  async load(): Promise<readonly StoredOwnThings[]> {
    const { sql } = this.#db;
    const seen = this.#db.all(
      sql.selectFrom('seen_calls').selectAll().where('organization_id', '=', this.#organization),
    );
    const favourites = this.#db.all(
      sql
        .selectFrom('favourites')
        .selectAll()
        .where('organization_id', '=', this.#organization)
        .orderBy('position'),
    );
    const untils = new Map(seen.map((row) => [row.extension_id, row.until]));
    const lists = Map.groupBy(favourites, (row) => row.extension_id);
    return [...new Set([...untils.keys(), ...lists.keys()])].map((id) => ({
      extension: extensionId(id),
      seenUntil: untils.get(id) ?? 0,
      favourites: (lists.get(id) ?? []).map((row) => extensionId(row.favourite_id)),
    }));
  }

  async keepSeen(extension: ExtensionId, until: number): Promise<void> {
    const row = { extension_id: extension, organization_id: this.#organization, until };
    this.#db.run(
      this.#db.sql
        .insertInto('seen_calls')
        .values(row)
        .onConflict((c) =>
          c
            .column('extension_id')
            .doUpdateSet((e) => ({ until: e.fn<number>('max', ['seen_calls.until', 'excluded.until']) })),
        ),
    );
  }

  async addFavourite(extension: ExtensionId, favourite: ExtensionId): Promise<void> {
    const of = { organization_id: this.#organization, extension_id: extension };
    this.#db.run(
      this.#db.sql
        .insertInto('favourites')
        .values({ ...of, favourite_id: favourite })
        .onConflict((c) => c.doNothing()),
    );
  }

  async removeFavourite(extension: ExtensionId, favourite: ExtensionId): Promise<void> {
    this.#db.run(
      this.#db.sql
        .deleteFrom('favourites')
        .where('extension_id', '=', extension)
        .where('favourite_id', '=', favourite),
    );
  }

  async unreturned(extension: ExtensionId, after: number, most: number): Promise<readonly CallRecord[]> {
    const wanted = { extensions: [extension], missed: 'unreturned', from: after } as const;
    return (await this.#records.calls(wanted, most)).records;
  }
}
