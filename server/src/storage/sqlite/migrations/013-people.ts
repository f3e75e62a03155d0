import type { Kysely } from 'kysely';

interface Tables {
  administrators: {
    readonly id: string;
    readonly organization_id: string;
    readonly email: string;
    readonly password_hash: string;
    readonly created_at: number;
  };
  people: {
    readonly id: string;
    readonly organization_id: string;
    readonly email: string;
    readonly password_hash: string | null;
    readonly roles: string;
    readonly groups: string;
    readonly created_at: number;
  };
  sessions: {
    readonly hash: Buffer;
    readonly administrator_id: string;
    readonly created_at: number;
    readonly expires_at: number;
  };
  new_sessions: {
    readonly hash: Buffer;
    readonly person_id: string;
    readonly created_at: number;
    readonly expires_at: number;
    readonly heard_at: number;
  };
}

/** Administrators become people with roles: the first of them set up the server, and operates it. Extensions can be grouped. */
export async function up(db: Kysely<Tables>): Promise<void> {
  await db.schema
    .createTable('people')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('organization_id', 'text', (c) => c.notNull().references('organizations.id'))
    .addColumn('email', 'text', (c) => c.notNull())
    .addColumn('password_hash', 'text')
    .addColumn('roles', 'text', (c) => c.notNull())
    .addColumn('extension_id', 'text', (c) => c.references('extensions.id'))
    .addColumn('groups', 'text', (c) => c.notNull())
    .addColumn('created_at', 'integer', (c) => c.notNull())
    .addUniqueConstraint('people_email', ['email', 'organization_id'])
    .execute();
  await db.schema.createIndex('people_organization').on('people').column('organization_id').execute();
  const administrators = await db.selectFrom('administrators').selectAll().orderBy('created_at').execute();
  for (const [index, { id, organization_id, email, password_hash, created_at }] of administrators.entries()) {
    const roles = JSON.stringify(index === 0 ? ['operator', 'administrator'] : ['administrator']);
    const person = { id, organization_id, email, password_hash, roles, groups: 'null', created_at };
    await db.insertInto('people').values(person).execute();
  }
  await db.schema
    .createTable('new_sessions')
    .addColumn('hash', 'blob', (c) => c.primaryKey())
    .addColumn('person_id', 'text', (c) => c.notNull().references('people.id').onDelete('cascade'))
    .addColumn('created_at', 'integer', (c) => c.notNull())
    .addColumn('expires_at', 'integer', (c) => c.notNull())
    .addColumn('browser', 'text')
    .addColumn('address', 'text')
    .addColumn('heard_at', 'integer', (c) => c.notNull())
    .execute();
  for (const { hash, administrator_id, created_at, expires_at } of await db
    .selectFrom('sessions')
    .selectAll()
    .execute())
    await db
      .insertInto('new_sessions')
      .values({ hash, person_id: administrator_id, created_at, expires_at, heard_at: created_at })
      .execute();
  await db.schema.dropTable('sessions').execute();
  await db.schema.dropTable('administrators').execute();
  await db.schema.alterTable('new_sessions').renameTo('sessions').execute();
  await db.schema.createIndex('sessions_person').on('sessions').column('person_id').execute();
  await db.schema.alterTable('extensions').addColumn('group_name', 'text').execute();
}
