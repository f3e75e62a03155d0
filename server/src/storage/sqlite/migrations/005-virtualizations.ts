import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/** The table enforces the invariants of virtualization too: an error in the code above cannot be stored. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createIndex('extensions_of_organization')
    .on('extensions')
    .columns(['organization_id', 'id'])
    .unique()
    .execute();
  await db.schema
    .createTable('virtualizations')
    .addColumn('virtual_id', 'text', (c) => c.primaryKey())
    .addColumn('base_id', 'text', (c) => c.notNull().unique())
    .addColumn('organization_id', 'text', (c) => c.notNull())
    .addColumn('since', 'integer', (c) => c.notNull())
    .addColumn('way', 'text', (c) => c.notNull())
    .addCheckConstraint('two_extensions', sql`virtual_id <> base_id`)
    .addForeignKeyConstraint('virtual_is_ours', ['organization_id', 'virtual_id'], 'extensions', [
      'organization_id',
      'id',
    ])
    .addForeignKeyConstraint('base_is_ours', ['organization_id', 'base_id'], 'extensions', [
      'organization_id',
      'id',
    ])
    .execute();
  await db.schema
    .createTable('guessing_buckets')
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('id', 'text', (c) => c.notNull().references('extensions.id'))
    .addColumn('organization_id', 'text', (c) => c.notNull().references('organizations.id'))
    .addColumn('wrong', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('guessing_buckets_key', ['kind', 'id'])
    .execute();
}
