import { type Kysely, sql } from 'kysely';

/**
 * People who are being erased; and entries of the audit that no longer name somebody. Such an entry keeps its seal, on which those after it
 * depend; `audit_erased` has the seal of what it says now, and the entry on the erasure has a seal of all of these.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('erasures')
    .addColumn('person_id', 'text', (c) => c.primaryKey())
    .addColumn('organization_id', 'text', (c) => c.notNull().references('organizations.id'))
    .addColumn('person', 'text', (c) => c.notNull())
    .addColumn('begun_at', 'integer', (c) => c.notNull())
    .execute();
  await db.schema
    .createTable('audit_erased')
    .addColumn('organization_id', 'text', (c) => c.notNull().references('organizations.id'))
    .addColumn('position', 'integer', (c) => c.notNull())
    .addColumn('erasure', 'integer', (c) => c.notNull())
    .addColumn('seal', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('audit_erased_key', ['organization_id', 'position', 'erasure'])
    .execute();
  await sql`DROP TRIGGER IF EXISTS audit_no_update`.execute(db);
  // While an erasure is being finished, entries that are to come are named already.
  await sql`CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
    WHEN NEW.organization_id <> OLD.organization_id OR NEW.position <> OLD.position OR NEW.at <> OLD.at
      OR NEW.action <> OLD.action OR NEW.result <> OLD.result OR NEW.seal <> OLD.seal
      OR NOT EXISTS (
        SELECT 1 FROM audit_erased WHERE organization_id = OLD.organization_id AND position = OLD.position
          AND erasure > coalesce((SELECT position FROM audit_heads WHERE organization_id = OLD.organization_id), 0))
    BEGIN SELECT RAISE(ABORT, 'entries of the audit are never changed or removed'); END`.execute(db);
}
