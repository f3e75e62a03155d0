import { type Kysely, sql } from 'kysely';

/** Entries that are only ever added: the file itself refuses to change or to remove one. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('audit')
    .addColumn('organization_id', 'text', (c) => c.notNull().references('organizations.id'))
    .addColumn('position', 'integer', (c) => c.notNull())
    .addColumn('at', 'integer', (c) => c.notNull())
    .addColumn('who', 'text', (c) => c.notNull())
    .addColumn('address', 'text')
    .addColumn('action', 'text', (c) => c.notNull())
    .addColumn('about', 'text')
    .addColumn('result', 'text', (c) => c.notNull())
    .addColumn('before', 'text', (c) => c.notNull())
    .addColumn('after', 'text', (c) => c.notNull())
    .addColumn('seal', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('audit_key', ['organization_id', 'position'])
    .execute();
  await db.schema
    .createIndex('audit_action')
    .on('audit')
    .columns(['organization_id', 'action', 'position'])
    .execute();
  await db.schema
    .createTable('audit_heads')
    .addColumn('organization_id', 'text', (c) => c.primaryKey().references('organizations.id'))
    .addColumn('position', 'integer', (c) => c.notNull())
    .addColumn('seal', 'text', (c) => c.notNull())
    .execute();
  for (const change of ['UPDATE', 'DELETE'])
    await sql`CREATE TRIGGER ${sql.raw(`audit_no_${change.toLowerCase()}`)} BEFORE ${sql.raw(change)} ON audit
      BEGIN SELECT RAISE(ABORT, 'entries of the audit are never changed or removed'); END`.execute(db);
}
