import { type Kysely, sql } from 'kysely';

/** What reports are added up from: see `DaySheets`. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('call_pairs')
    .addColumn('organization_id', 'text', (c) => c.notNull())
    .addColumn('pair', 'integer', (c) => c.notNull())
    .addColumn('extension_id', 'text', (c) => c.notNull())
    .addColumn('terminal_id', 'text')
    .addPrimaryKeyConstraint('call_pairs_key', ['organization_id', 'pair'])
    .modifyEnd(sql`without rowid`)
    .execute();
  await db.schema
    .createTable('day_sheets')
    .addColumn('organization_id', 'text', (c) => c.notNull())
    .addColumn('day', 'integer', (c) => c.notNull())
    .addColumn('parts', 'blob', (c) => c.notNull())
    .addPrimaryKeyConstraint('day_sheets_key', ['organization_id', 'day'])
    .execute();
}
