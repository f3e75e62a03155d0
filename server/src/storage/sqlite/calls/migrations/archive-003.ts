import type { Kysely } from 'kysely';

/** Nothing looks a record up by its id. Ids are random, so that this index was the dearest to keep. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropIndex('call_records_id').execute();
}
