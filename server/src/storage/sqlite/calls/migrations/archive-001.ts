import type { Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('call_records')
    .addColumn('sequence', 'integer', (c) => c.primaryKey())
    .addColumn('id', 'text', (c) => c.notNull())
    .addColumn('organization_id', 'text', (c) => c.notNull())
    .addColumn('started_at', 'integer', (c) => c.notNull())
    .addColumn('answered_at', 'integer')
    .addColumn('ended_at', 'integer', (c) => c.notNull())
    .addColumn('caller_extension', 'text', (c) => c.notNull())
    .addColumn('caller_terminal', 'text', (c) => c.notNull())
    .addColumn('dialled', 'text', (c) => c.notNull())
    .addColumn('callee_extension', 'text')
    .addColumn('callee_terminal', 'text')
    .addColumn('outcome', 'text', (c) => c.notNull())
    .execute();
}
