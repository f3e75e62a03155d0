import type { Kysely } from 'kysely';

/** Where phones stand: in words, and on the plan of the floor. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('extensions').addColumn('place', 'text').execute();
  for (const column of ['plan_x', 'plan_y'])
    await db.schema.alterTable('extensions').addColumn(column, 'integer').execute();
}
