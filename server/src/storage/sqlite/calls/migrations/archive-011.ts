import { type Kysely, sql } from 'kysely';

/**
 * Parts at the terminal whose number follows their extension's are found by the extension (`ArchiveKeys`). Ids that have numbers keep them, so
 * that most parts of earlier extensions stay in the index.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropIndex('call_parts_terminal').execute();
  await sql`
    create index call_parts_terminal on call_parts (organization, terminal, started_at, sequence)
      where terminal <> extension + 1`.execute(db);
}
