import type { Kysely } from 'kysely';

/** What an extension has of its own: until when it has looked at its missed calls, and its favourites. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('seen_calls')
    .addColumn('extension_id', 'text', (c) => c.primaryKey().references('extensions.id'))
    .addColumn('organization_id', 'text', (c) => c.notNull().references('organizations.id'))
    .addColumn('until', 'integer', (c) => c.notNull())
    .execute();
  await db.schema
    .createTable('favourites')
    .addColumn('position', 'integer', (c) => c.primaryKey())
    .addColumn('organization_id', 'text', (c) => c.notNull().references('organizations.id'))
    .addColumn('extension_id', 'text', (c) => c.notNull().references('extensions.id'))
    .addColumn('favourite_id', 'text', (c) => c.notNull().references('extensions.id'))
    .addUniqueConstraint('favourites_once', ['extension_id', 'favourite_id'])
    .execute();
  await db.schema.createIndex('favourites_favourite').on('favourites').column('favourite_id').execute();
  await db.schema.createIndex('favourites_organization').on('favourites').column('organization_id').execute();
  await db.schema.createIndex('seen_calls_organization').on('seen_calls').column('organization_id').execute();
}
