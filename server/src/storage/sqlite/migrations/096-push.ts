import type { Kysely } from 'kysely';

/** Browsers that take push messages, and the key by which push services know this server. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('push_subscriptions')
    .addColumn('browser', 'blob', (c) =>
      c.primaryKey().references('terminal_tokens.hash').onDelete('cascade'),
    )
    .addColumn('terminal_id', 'text', (c) => c.notNull())
    .addColumn('instance', 'text', (c) => c.notNull())
    .addColumn('endpoint', 'text', (c) => c.notNull())
    .addColumn('p256dh', 'text', (c) => c.notNull())
    .addColumn('auth', 'text', (c) => c.notNull())
    .addColumn('created_at', 'integer', (c) => c.notNull())
    .execute();
  await db.schema
    .createTable('push_keys')
    .addColumn('public_key', 'text', (c) => c.primaryKey())
    .addColumn('private_key', 'text', (c) => c.notNull())
    .execute();
}
