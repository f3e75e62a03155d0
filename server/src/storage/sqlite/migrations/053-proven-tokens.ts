import type { Kysely } from 'kysely';

/** Whether the maker of a token had shown a second factor. Of earlier ones nobody knows. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('api_tokens')
    .addColumn('proven', 'integer', (c) => c.notNull().defaultTo(0))
    .execute();
}
