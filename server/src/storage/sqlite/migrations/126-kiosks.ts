import type { Kysely } from 'kysely';

/** Each station can be an ordinary desk, although the stations of its organization are in kiosk mode. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('extensions')
    .addColumn('kiosk', 'integer', (c) => c.notNull().defaultTo(1))
    .execute();
}
