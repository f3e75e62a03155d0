import type { Kysely } from 'kysely';

/** People may come in through a provider, too. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('identities')
    .addColumn('person_id', 'text', (c) => c.primaryKey().references('people.id').onDelete('cascade'))
    .addColumn('issuer', 'text', (c) => c.notNull())
    .addColumn('subject', 'text', (c) => c.notNull())
    .addColumn('created_at', 'integer', (c) => c.notNull())
    .execute();
  await db.schema.createIndex('identities_subject').on('identities').columns(['issuer', 'subject']).execute();
  await db.schema.alterTable('sessions').addColumn('provided', 'text').execute();
}
