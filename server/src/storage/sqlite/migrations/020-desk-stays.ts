import { type Kysely, sql } from 'kysely';

/** Who was a guest at whose desk, from when to when: made of the records until then, and kept with each change from now on. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('desk_stays')
    .addColumn('sequence', 'integer', (c) => c.primaryKey())
    .addColumn('organization_id', 'text', (c) => c.notNull().references('organizations.id'))
    .addColumn('extension_id', 'text', (c) => c.notNull())
    .addColumn('number', 'text', (c) => c.notNull())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('desk_id', 'text', (c) => c.notNull())
    .addColumn('terminal_id', 'text', (c) => c.notNull())
    .addColumn('desk_number', 'text', (c) => c.notNull())
    .addColumn('desk_name', 'text', (c) => c.notNull())
    .addColumn('since', 'integer', (c) => c.notNull())
    .addColumn('way', 'text', (c) => c.notNull())
    .addColumn('until', 'integer')
    .addColumn('ended_by', 'text')
    .addColumn('ended_way', 'text')
    .addColumn('ender', 'text')
    .execute();
  await sql`
    insert into desk_stays (organization_id, extension_id, number, name, desk_id, terminal_id, desk_number, desk_name,
      since, way, until, ended_by, ended_way, ender)
    select stay.organization_id, guest.id, guest.number, guest.name, desk.id, desk.terminal_id, desk.number, desk.name,
      stay.since, stay.way, stay.until, stay.ended_by, stay.ended_way, stay.ender
    from (
      select record.organization_id, json_extract(ending.value, '$.virtualization.virtual') as virtual_id,
        json_extract(ending.value, '$.virtualization.base') as base_id,
        json_extract(ending.value, '$.virtualization.since') as since,
        json_extract(ending.value, '$.virtualization.by') as way,
        record.at as until, json_extract(ending.value, '$.endedBy') as ended_by, record.way as ended_way, record.who as ender
      from virtualization_records record, json_each(record.endings) ending
      union all
      select organization_id, virtual_id, base_id, since, way, null, null, null, null from virtualizations
    ) stay
    join extensions guest on guest.id = stay.virtual_id
    join extensions desk on desk.id = stay.base_id
    order by stay.since, stay.until
  `.execute(db);
  for (const [name, columns] of Object.entries({
    since: 'organization_id, since, sequence',
    extension: 'organization_id, extension_id, since, sequence',
    desk: 'organization_id, desk_id, since, sequence',
    until: 'organization_id, until',
  }))
    await sql.raw(`create index desk_stays_${name} on desk_stays (${columns})`).execute(db);
  await sql
    .raw(
      'create index desk_stays_open on desk_stays (organization_id, extension_id, desk_id) where until is null',
    )
    .execute(db);
}
