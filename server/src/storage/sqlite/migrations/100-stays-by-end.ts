import type { Kysely } from 'kysely';

/** Reports of a few weeks read the stays that ended since then, and those that go on: the index has all that they need. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createIndex('desk_stays_ends')
    .on('desk_stays')
    .columns(['organization_id', 'until', 'since', 'extension_id', 'terminal_id'])
    .execute();
}
