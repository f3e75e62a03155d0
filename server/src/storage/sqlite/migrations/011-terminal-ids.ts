import type { Kysely } from 'kysely';

interface Tables {
  extensions: { readonly id: string; terminal_id: string };
}

/** Home terminals have ids of their own. Until then each was recorded under its owner's id, which those terminals keep. */
export async function up(db: Kysely<Tables>): Promise<void> {
  await db.schema
    .alterTable('extensions')
    .addColumn('terminal_id', 'text', (c) => c.notNull().defaultTo(''))
    .execute();
  await db
    .updateTable('extensions')
    .set((e) => ({ terminal_id: e.ref('id') }))
    .execute();
  await db.schema
    .createIndex('extensions_terminal')
    .on('extensions')
    .column('terminal_id')
    .unique()
    .execute();
}
