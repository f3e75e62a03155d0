import type { Database as Connection } from 'better-sqlite3';
import { type Kysely, SqliteAdapter, SqliteDialect, SqliteIntrospector, type TableMetadata } from 'kysely';

/** Kysely's migrations are one transaction where the dialect says that tables can be made in one, and SQLite can: killed amid them, a file is as it was before. */
class Transactional extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

/** The migrator only asks whether its own tables are there; Kysely's introspector reads every column of every table for that. */
class NamesOnly extends SqliteIntrospector {
  readonly #connection: Connection;

  constructor(db: Kysely<unknown>, connection: Connection) {
    super(db);
    this.#connection = connection;
  }

  override async getTables(): Promise<TableMetadata[]> {
    const names = this.#connection.prepare<[], string>("SELECT name FROM sqlite_master WHERE type = 'table'");
    return names
      .pluck()
      .all()
      .map((name) => ({ name, isView: false, columns: [] }));
  }
}

/** SQLite as Kysely's migrator sees it. */
export class MigrationDialect extends SqliteDialect {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    super({ database: connection });
    this.#connection = connection;
  }

  override createAdapter(): SqliteAdapter {
    return new Transactional();
  }

  override createIntrospector(db: Kysely<unknown>): SqliteIntrospector {
    return new NamesOnly(db, this.#connection);
  }
}
