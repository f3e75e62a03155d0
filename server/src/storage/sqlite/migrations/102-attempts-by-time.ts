import type { Kysely } from 'kysely';

/** Attempts to move that are old are found, each night, without reading the others. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createIndex('virtualization_records_at')
    .on('virtualization_records')
    .columns(['organization_id', 'at', 'sequence'])
    .execute();
}
