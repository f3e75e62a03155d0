import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/** A mailbox belongs to an extension, and mail to a message: neither can be stored without it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('voicemail_mailboxes')
    .addColumn('extension_id', 'text', (c) => c.primaryKey())
    .addColumn('organization_id', 'text', (c) => c.notNull())
    .addColumn('greeting_id', 'text')
    .addColumn('greeting_duration_ms', 'integer')
    .addColumn('greeting_at', 'integer')
    .addColumn('wrong_pins', 'text', (c) => c.notNull())
    .addCheckConstraint(
      'a_greeting_is_whole',
      sql`(greeting_id is null) = (greeting_duration_ms is null) and (greeting_id is null) = (greeting_at is null)`,
    )
    .addForeignKeyConstraint('mailbox_is_ours', ['organization_id', 'extension_id'], 'extensions', [
      'organization_id',
      'id',
    ])
    .execute();
  await db.schema
    .createTable('voicemail_messages')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('organization_id', 'text', (c) => c.notNull())
    .addColumn('extension_id', 'text', (c) => c.notNull())
    .addColumn('from_number', 'text', (c) => c.notNull())
    .addColumn('from_name', 'text', (c) => c.notNull())
    .addColumn('at', 'integer', (c) => c.notNull())
    .addColumn('duration_ms', 'integer', (c) => c.notNull())
    .addColumn('reason', 'text', (c) => c.notNull())
    .addColumn('heard', 'integer', (c) => c.notNull())
    .addColumn('deleted_at', 'integer')
    .addForeignKeyConstraint('message_is_ours', ['organization_id', 'extension_id'], 'extensions', [
      'organization_id',
      'id',
    ])
    .execute();
  await db.schema
    .createIndex('voicemail_messages_of_organization')
    .on('voicemail_messages')
    .columns(['organization_id', 'extension_id'])
    .execute();
  await db.schema
    .createTable('mail_outbox')
    .addColumn('message_id', 'text', (c) =>
      c.primaryKey().references('voicemail_messages.id').onDelete('cascade'),
    )
    .addColumn('recipient', 'text', (c) => c.notNull())
    .addColumn('attempts', 'integer', (c) => c.notNull())
    .addColumn('next_attempt_at', 'integer', (c) => c.notNull())
    .addColumn('created_at', 'integer', (c) => c.notNull())
    .execute();
  await db.schema.createIndex('mail_outbox_next').on('mail_outbox').columns(['next_attempt_at']).execute();
}
