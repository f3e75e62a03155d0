import type { Kysely } from 'kysely';

/** Programs that are told of calls and moves, the messages to them, and how far what has happened was made into messages. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('webhooks')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('organization_id', 'text', (c) => c.notNull().references('organizations.id'))
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('url', 'text', (c) => c.notNull())
    .addColumn('events', 'text', (c) => c.notNull())
    .addColumn('secret', 'blob', (c) => c.notNull())
    .addColumn('old_secret', 'blob')
    .addColumn('old_secret_until', 'integer')
    .addColumn('created_at', 'integer', (c) => c.notNull())
    .addColumn('made_by', 'text', (c) => c.notNull())
    .addColumn('off_since', 'integer')
    .addColumn('off_why', 'text')
    .addColumn('failing_since', 'integer')
    .execute();
  await db.schema.createIndex('webhooks_organization').on('webhooks').column('organization_id').execute();
  await db.schema
    .createTable('webhook_cursors')
    .addColumn('organization_id', 'text', (c) => c.primaryKey().references('organizations.id'))
    .addColumn('calls', 'integer', (c) => c.notNull())
    .addColumn('stays', 'integer', (c) => c.notNull())
    .addColumn('moves', 'integer', (c) => c.notNull())
    .execute();
  await db.schema
    .createTable('webhook_messages')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('webhook_id', 'text', (c) => c.notNull().references('webhooks.id').onDelete('cascade'))
    .addColumn('event', 'text', (c) => c.notNull())
    .addColumn('body', 'text', (c) => c.notNull())
    .addColumn('created_at', 'integer', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('attempts', 'integer', (c) => c.notNull())
    .addColumn('tried_at', 'integer')
    .addColumn('next_at', 'integer')
    .addColumn('status', 'integer')
    .addColumn('answer', 'text')
    .execute();
  await db.schema
    .createIndex('webhook_messages_next')
    .on('webhook_messages')
    .columns(['webhook_id', 'state', 'next_at'])
    .execute();
  await db.schema
    .createIndex('webhook_messages_created')
    .on('webhook_messages')
    .columns(['webhook_id', 'created_at'])
    .execute();
}
