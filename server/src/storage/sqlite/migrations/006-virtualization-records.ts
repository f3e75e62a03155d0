import type { Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('virtualization_records')
    .addColumn('sequence', 'integer', (c) => c.primaryKey())
    .addColumn('organization_id', 'text', (c) => c.notNull().references('organizations.id'))
    .addColumn('at', 'integer', (c) => c.notNull())
    .addColumn('action', 'text', (c) => c.notNull())
    .addColumn('way', 'text', (c) => c.notNull())
    .addColumn('who', 'text')
    .addColumn('terminal_id', 'text')
    .addColumn('asked', 'text')
    .addColumn('extension_id', 'text')
    .addColumn('previous_guest_id', 'text')
    .addColumn('result', 'text', (c) => c.notNull())
    .addColumn('endings', 'text', (c) => c.notNull())
    .execute();
  for (const column of ['extension_id', 'terminal_id'])
    await db.schema
      .createIndex(`virtualization_records_${column}`)
      .on('virtualization_records')
      .columns([column, 'sequence'])
      .execute();
}
