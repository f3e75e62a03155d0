import { type Kysely, sql } from 'kysely';

/** Parts at the terminal whose number follows their extension's are found by the extension: see `ArchiveKeys`. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropIndex('call_parts_terminal').execute();
  await sql`
    create index call_parts_terminal on call_parts (organization, terminal, started_at, sequence)
      where terminal <> extension + 1`.execute(db);
}
