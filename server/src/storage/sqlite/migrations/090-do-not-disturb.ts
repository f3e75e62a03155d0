import type { Kysely } from 'kysely';

/** Who does not want to be disturbed, and where calls go on; the latter is null where they do not. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('extensions')
    .addColumn('do_not_disturb', 'integer', (c) => c.notNull().defaultTo(0))
    .execute();
  await db.schema.alterTable('extensions').addColumn('forwards', 'text').execute();
}
