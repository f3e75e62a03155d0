import type { Kysely } from 'kysely';

/** A lock doubles each time it is reached again: a bucket says how often it was filled. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('guessing_buckets')
    .addColumn('locks', 'integer', (c) => c.notNull().defaultTo(0))
    .execute();
}
