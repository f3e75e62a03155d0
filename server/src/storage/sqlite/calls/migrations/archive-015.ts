import type { Kysely } from 'kysely';

/** Sheets are of a day or of many, and have their parts in another order: they are made anew when they are asked for. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropTable('day_sheets').execute();
  await db.schema
    .createTable('call_sheets')
    .addColumn('organization', 'integer', (c) => c.notNull())
    .addColumn('days', 'integer', (c) => c.notNull())
    .addColumn('day', 'integer', (c) => c.notNull())
    .addColumn('parts', 'blob', (c) => c.notNull())
    .addColumn('sums', 'blob')
    .addPrimaryKeyConstraint('call_sheets_key', ['organization', 'days', 'day'])
    .execute();
}
