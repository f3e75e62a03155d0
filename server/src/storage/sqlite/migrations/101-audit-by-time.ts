import type { Kysely } from 'kysely';

/** The audit of a time is found without reading everything since. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createIndex('audit_at')
    .on('audit')
    .columns(['organization_id', 'at', 'position'])
    .execute();
}
