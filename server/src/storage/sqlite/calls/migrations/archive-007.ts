import { type Kysely, sql } from 'kysely';

/**
 * Ids become numbers, and the parts of calls lie in the order of time, so that a day is read in one piece and needs no index. The sheets of
 * days are made anew when they are asked for.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('call_keys')
    .addColumn('number', 'integer', (c) => c.primaryKey())
    .addColumn('id', 'text', (c) => c.notNull().unique())
    .execute();
  await sql`
    insert into call_keys (id)
      select organization_id from call_records
      union select extension_id from call_parts
      union select other_id from call_parts where other_id is not null
      union select terminal_id from call_parts where terminal_id is not null`.execute(db);
  await replaceRecords(db);
  await replaceParts(db);
  for (const [name, statement] of Object.entries(INDICES))
    await sql.raw(`create index ${name} on ${statement}`).execute(db);
  await replaceSheets(db);
}

const keyOf = (column: string): string => `(select number from call_keys where id = ${column})`;

async function replaceRecords(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('call_records').renameTo('old_call_records').execute();
  await db.schema
    .createTable('call_records')
    .addColumn('sequence', 'integer', (c) => c.primaryKey())
    .addColumn('organization', 'integer', (c) => c.notNull())
    .addColumn('started_at', 'integer', (c) => c.notNull())
    .addColumn('result', 'text', (c) => c.notNull())
    .addColumn('record', 'text', (c) => c.notNull())
    .execute();
  await sql
    .raw(
      `insert into call_records select sequence, ${keyOf('organization_id')}, started_at, result, record from old_call_records`,
    )
    .execute(db);
  await db.schema.dropTable('old_call_records').execute();
}

async function replaceParts(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('call_parts').renameTo('old_call_parts').execute();
  await db.schema
    .createTable('call_parts')
    .addColumn('organization', 'integer', (c) => c.notNull())
    .addColumn('started_at', 'integer', (c) => c.notNull())
    .addColumn('sequence', 'integer', (c) => c.notNull())
    .addColumn('extension', 'integer', (c) => c.notNull())
    .addColumn('terminal', 'integer')
    .addColumn('role', 'text', (c) => c.notNull())
    .addColumn('result', 'text')
    .addColumn('call_result', 'text', (c) => c.notNull())
    .addColumn('external', 'integer', (c) => c.notNull())
    .addColumn('other', 'integer')
    .addColumn('ring_ms', 'integer')
    .addColumn('talk_ms', 'integer', (c) => c.notNull())
    .addColumn('hold_ms', 'integer', (c) => c.notNull())
    .addColumn('wait_ms', 'integer', (c) => c.notNull())
    .addColumn('transferred', 'integer', (c) => c.notNull())
    .addColumn('returned', 'integer', (c) => c.notNull())
    .addPrimaryKeyConstraint('call_parts_key', ['organization', 'started_at', 'sequence', 'extension'])
    .modifyEnd(sql`without rowid`)
    .execute();
  await sql
    .raw(
      `insert into call_parts
        select ${keyOf('organization_id')}, started_at, sequence, ${keyOf('extension_id')}, ${keyOf('terminal_id')},
          role, result, call_result, external, ${keyOf('other_id')}, ring_ms, talk_ms, hold_ms, wait_ms, transferred, returned
        from old_call_parts order by started_at, sequence`,
    )
    .execute(db);
  await db.schema.dropTable('old_call_parts').execute();
}

/** Each serves one kind of question, in the order of the answer. Most calls are answered: those are found among all. */
const INDICES = {
  call_records_started: 'call_records (organization, started_at, sequence)',
  call_records_result: "call_records (organization, result, started_at, sequence) where result <> 'answered'",
  call_parts_extension: 'call_parts (organization, extension, started_at, sequence)',
  call_parts_terminal: 'call_parts (organization, terminal, started_at, sequence)',
  call_parts_missed: "call_parts (organization, started_at, sequence) where result = 'missed'",
  call_parts_unreturned:
    "call_parts (organization, started_at, sequence) where result = 'missed' and returned = 0",
  call_parts_to_return: "call_parts (extension, other) where result = 'missed' and returned = 0",
} as const;

async function replaceSheets(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropTable('day_sheets').execute();
  await db.schema.dropTable('call_pairs').execute();
  await db.schema
    .createTable('call_pairs')
    .addColumn('organization', 'integer', (c) => c.notNull())
    .addColumn('pair', 'integer', (c) => c.notNull())
    .addColumn('extension', 'integer', (c) => c.notNull())
    .addColumn('terminal', 'integer')
    .addPrimaryKeyConstraint('call_pairs_key', ['organization', 'pair'])
    .modifyEnd(sql`without rowid`)
    .execute();
  await db.schema
    .createTable('day_sheets')
    .addColumn('organization', 'integer', (c) => c.notNull())
    .addColumn('day', 'integer', (c) => c.notNull())
    .addColumn('parts', 'blob', (c) => c.notNull())
    .addPrimaryKeyConstraint('day_sheets_key', ['organization', 'day'])
    .execute();
}
