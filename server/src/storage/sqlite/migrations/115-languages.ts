import type { Kysely } from 'kysely';

/** The languages of extensions, of people who manage, and of organizations for all who have none of their own: null where none was chosen. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const table of ['extensions', 'people', 'organizations'])
    await db.schema.alterTable(table).addColumn('language', 'text').execute();
}
