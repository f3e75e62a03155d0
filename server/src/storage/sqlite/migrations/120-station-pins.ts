import type { Kysely } from 'kysely';

/** What lets stations out of kiosk mode: the hash of a PIN, for each organization that has one. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('organizations').addColumn('station_pin', 'text').execute();
}
