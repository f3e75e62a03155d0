import type { Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('second_factors')
    .addColumn('person_id', 'text', (c) => c.primaryKey().references('people.id').onDelete('cascade'))
    .addColumn('secret', 'blob', (c) => c.notNull())
    .addColumn('last_step', 'integer')
    .addColumn('created_at', 'integer', (c) => c.notNull())
    .execute();
  await db.schema
    .createTable('recovery_codes')
    .addColumn('person_id', 'text', (c) => c.notNull().references('people.id').onDelete('cascade'))
    .addColumn('hash', 'blob', (c) => c.notNull())
    .addPrimaryKeyConstraint('recovery_codes_key', ['person_id', 'hash'])
    .execute();
  await db.schema
    .createTable('sign_in_policies')
    .addColumn('organization_id', 'text', (c) => c.primaryKey().references('organizations.id'))
    .addColumn('second_factor_of', 'text', (c) => c.notNull())
    .execute();
}
