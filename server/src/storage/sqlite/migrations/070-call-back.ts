import type { Kysely } from 'kysely';

/** Where help calls back after an emergency call from a phone. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('extensions').addColumn('call_back', 'text').execute();
}
