import type { Kysely } from 'kysely';

/** From which terminals help was called, and with which numbers: for an hour, it can be called back. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('help_calls')
    .addColumn('organization_id', 'text', (c) => c.notNull().references('organizations.id'))
    .addColumn('number', 'text', (c) => c.notNull())
    .addColumn('own', 'integer', (c) => c.notNull())
    .addColumn('terminal_id', 'text', (c) => c.notNull())
    .addColumn('at', 'integer', (c) => c.notNull())
    .addPrimaryKeyConstraint('help_calls_numbers', ['organization_id', 'number', 'own'])
    .execute();
}
