import type { Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const column of ['voicemail_pin_hash', 'voicemail_mail'])
    await db.schema.alterTable('extensions').addColumn(column, 'text').execute();
}
