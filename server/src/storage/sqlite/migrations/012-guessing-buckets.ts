import type { Kysely } from 'kysely';

interface Buckets {
  readonly id: string;
  readonly organization_id: string;
  readonly kind: string;
  readonly wrong: string;
}

interface Tables {
  guessing_buckets: Buckets;
  new_guessing_buckets: Buckets;
}

/** The id of a bucket is that of an extension or that of a terminal: it no longer refers to extensions only. */
export async function up(db: Kysely<Tables>): Promise<void> {
  await db.schema
    .createTable('new_guessing_buckets')
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('id', 'text', (c) => c.notNull())
    .addColumn('organization_id', 'text', (c) => c.notNull().references('organizations.id'))
    .addColumn('wrong', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('guessing_buckets_key', ['kind', 'id'])
    .execute();
  await db
    .insertInto('new_guessing_buckets')
    .columns(['kind', 'id', 'organization_id', 'wrong'])
    .expression(db.selectFrom('guessing_buckets').select(['kind', 'id', 'organization_id', 'wrong']))
    .execute();
  await db.schema.dropTable('guessing_buckets').execute();
  await db.schema.alterTable('new_guessing_buckets').renameTo('guessing_buckets').execute();
}
