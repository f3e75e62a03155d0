import { type Kysely, sql } from 'kysely';

/**
 * A record is one JSON value, with rows beside it for what is looked for and added up. Those of before wait in `earlier_call_records` until
 * `takeOverEarlierRecords` has made such records of them.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('call_records').renameTo('earlier_call_records').execute();
  await db.schema
    .createTable('call_records')
    .addColumn('sequence', 'integer', (c) => c.primaryKey())
    .addColumn('organization_id', 'text', (c) => c.notNull())
    .addColumn('id', 'text', (c) => c.notNull())
    .addColumn('started_at', 'integer', (c) => c.notNull())
    .addColumn('result', 'text', (c) => c.notNull())
    .addColumn('record', 'text', (c) => c.notNull())
    .execute();
  await db.schema
    .createTable('call_parts')
    .addColumn('sequence', 'integer', (c) => c.notNull())
    .addColumn('extension_id', 'text', (c) => c.notNull())
    .addColumn('organization_id', 'text', (c) => c.notNull())
    .addColumn('started_at', 'integer', (c) => c.notNull())
    .addColumn('terminal_id', 'text')
    .addColumn('role', 'text', (c) => c.notNull())
    .addColumn('result', 'text')
    .addColumn('call_result', 'text', (c) => c.notNull())
    .addColumn('external', 'integer', (c) => c.notNull())
    .addColumn('other_id', 'text')
    .addColumn('ring_ms', 'integer')
    .addColumn('talk_ms', 'integer', (c) => c.notNull())
    .addColumn('hold_ms', 'integer', (c) => c.notNull())
    .addColumn('wait_ms', 'integer', (c) => c.notNull())
    .addColumn('transferred', 'integer', (c) => c.notNull())
    .addColumn('returned', 'integer', (c) => c.notNull())
    .addPrimaryKeyConstraint('call_parts_key', ['sequence', 'extension_id'])
    .modifyEnd(sql`without rowid`)
    .execute();
  for (const [name, statement] of Object.entries(INDICES))
    await sql.raw(`create index ${name} on ${statement}`).execute(db);
}

/** Each serves one kind of question, in the order of the answer. */
const INDICES = {
  call_records_id: 'call_records (organization_id, id)',
  call_records_started: 'call_records (organization_id, started_at, sequence)',
  call_records_result: 'call_records (organization_id, result, started_at, sequence)',
  call_parts_extension: 'call_parts (organization_id, extension_id, started_at, sequence)',
  call_parts_terminal: 'call_parts (organization_id, terminal_id, started_at, sequence)',
  call_parts_started: 'call_parts (organization_id, started_at, sequence)',
  call_parts_missed: "call_parts (organization_id, started_at, sequence) where result = 'missed'",
  call_parts_unreturned:
    "call_parts (organization_id, started_at, sequence) where result = 'missed' and returned = 0",
  call_parts_to_return:
    "call_parts (organization_id, extension_id, other_id) where result = 'missed' and returned = 0",
} as const;
