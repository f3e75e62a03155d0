import { type Kysely, sql } from 'kysely';

/** Missed calls are found by the result of the call as well: one that somebody else has answered is one in thousands. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const [name, missed] of Object.entries(INDICES)) {
    await db.schema.dropIndex(name).execute();
    await sql
      .raw(
        `create index ${name} on call_parts (organization, call_result, started_at, sequence) where ${missed}`,
      )
      .execute(db);
  }
}

const INDICES = {
  call_parts_missed: "result = 'missed'",
  call_parts_unreturned: "result = 'missed' and returned = 0",
} as const;
