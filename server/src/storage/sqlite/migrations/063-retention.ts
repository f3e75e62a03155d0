import { type Kysely, sql } from 'kysely';

/** How long an organization keeps what; and the audit may lose its oldest entries, up to one whose seal is kept. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('organizations').addColumn('retention', 'text').execute();
  await db.schema
    .createTable('audit_forgotten')
    .addColumn('organization_id', 'text', (c) => c.primaryKey().references('organizations.id'))
    .addColumn('position', 'integer', (c) => c.notNull())
    .addColumn('seal', 'text', (c) => c.notNull())
    .execute();
  await sql`DROP TRIGGER IF EXISTS audit_no_delete`.execute(db);
  await sql`CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
    WHEN OLD.position > coalesce(
      (SELECT position FROM audit_forgotten WHERE organization_id = OLD.organization_id), 0)
    BEGIN SELECT RAISE(ABORT, 'entries of the audit are never changed or removed'); END`.execute(db);
}
