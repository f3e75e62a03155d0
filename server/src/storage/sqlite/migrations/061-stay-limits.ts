import type { Kysely } from 'kysely';

/** What ends guests' stays by itself: of an organization, narrower at a desk, and how far each stay has come with it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const table of ['organizations', 'extensions'])
    await db.schema.alterTable(table).addColumn('stay_limits', 'text').execute();
  await db.schema
    .createTable('stay_terms')
    .addColumn('virtual_id', 'text', (c) => c.primaryKey().references('extensions.id'))
    .addColumn('organization_id', 'text', (c) => c.notNull().references('organizations.id'))
    .addColumn('since', 'integer', (c) => c.notNull())
    .addColumn('warned_at', 'integer')
    .addColumn('extended_until', 'integer')
    .execute();
}
