import type { Kysely } from 'kysely';

/** Reports read the times of many stays: the index has all that they need. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropIndex('desk_stays_until').execute();
  await db.schema
    .createIndex('desk_stays_times')
    .on('desk_stays')
    .columns(['organization_id', 'until', 'sequence', 'since', 'extension_id', 'terminal_id'])
    .execute();
}
