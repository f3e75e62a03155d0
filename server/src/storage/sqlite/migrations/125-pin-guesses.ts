import type { Kysely } from 'kysely';

/** Wrong PINs of the stations are counted over a restart. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('organizations').addColumn('pin_guesses', 'text').execute();
}
