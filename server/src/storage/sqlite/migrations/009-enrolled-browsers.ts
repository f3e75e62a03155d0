import type { Kysely } from 'kysely';

/** Who made a link or became a phone by it, from where and with what; unknown for earlier ones. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const column of ['made_by', 'browser', 'address'])
    await db.schema.alterTable('terminal_tokens').addColumn(column, 'text').execute();
  await db.schema.alterTable('terminal_tokens').addColumn('heard_at', 'integer').execute();
  await db.schema.alterTable('enrolments').addColumn('made_by', 'text').execute();
}
