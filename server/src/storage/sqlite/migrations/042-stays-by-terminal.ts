import type { Kysely } from 'kysely';

/** Reports add up stays for each extension at each terminal: the index has them in that order. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropIndex('desk_stays_times').execute();
  await db.schema
    .createIndex('desk_stays_pairs')
    .on('desk_stays')
    .columns(['organization_id', 'extension_id', 'terminal_id', 'until', 'since'])
    .execute();
}
