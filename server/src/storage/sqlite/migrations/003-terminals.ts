import type { Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('terminal_tokens')
    .addColumn('hash', 'blob', (c) => c.primaryKey())
    .addColumn('extension_id', 'text', (c) => c.notNull().references('extensions.id'))
    .addColumn('created_at', 'integer', (c) => c.notNull())
    .execute();
  await db.schema
    .createTable('enrolments')
    .addColumn('hash', 'blob', (c) => c.primaryKey())
    .addColumn('extension_id', 'text', (c) => c.notNull().references('extensions.id'))
    .addColumn('uses_left', 'integer', (c) => c.notNull())
    .addColumn('expires_at', 'integer', (c) => c.notNull())
    .addColumn('created_at', 'integer', (c) => c.notNull())
    .execute();
}
