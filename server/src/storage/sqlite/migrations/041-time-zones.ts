import type { Kysely } from 'kysely';

/** An organization's days are those of a time zone; `null` until one is chosen: the server's own. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('organizations').addColumn('time_zone', 'text').execute();
}
