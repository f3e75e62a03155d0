import SqliteConnection from 'better-sqlite3';

type Row = Readonly<Record<string, unknown>>;
/** Rows by their tables. */
export type Tables = ReadonlyMap<string, readonly Row[]>;

interface Column {
  readonly name: string;
  readonly type: string;
}
interface Reference {
  readonly from: string;
  readonly table: string;
  readonly to: string | null;
}

/** What columns hold that are read as more than text, in every version. */
const VALUES: Readonly<Record<string, string | number | null>> = {
  ...{
    emergency_numbers: '["112"]',
    roles: '["administrator"]',
    groups: 'null',
    wrong: '[1]',
    wrong_pins: '[1]',
  },
  deleted_at: null,
  ...{ endings: '[]', before: 'null', after: 'null', actions: '[]', forwards: 'null', stay_limits: 'null' },
  ...{
    retention: 'null',
    pin_guesses: 'null',
    kind: 'person',
    way: 'dialled',
    action: 'move',
    result: 'accepted',
    reason: 'busy',
  },
};

/** For tests: rows for all tables that a database has at this version, two in each as far as its keys allow. */
export function seedTables(path: string): void {
  const db = new SqliteConnection(path);
  const done = new Set<string>();
  const seed = (table: string): void => {
    if (done.has(table)) return;
    done.add(table);
    const references = db.pragma(`foreign_key_list(${table})`) as readonly Reference[];
    for (const reference of references) seed(reference.table);
    const columns = db.pragma(`table_info(${table})`) as readonly Column[];
    for (const n of [1, 2]) {
      const values = columns.map(({ name, type }) => {
        const reference = references.find(({ from }) => from === name);
        return reference ? keyOf(db, reference, n) : valueOf(name, type, n);
      });
      const places = columns.map(() => '?').join();
      db.prepare(`INSERT OR IGNORE INTO ${table} VALUES (${places})`).run(...values);
    }
  };
  for (const table of namesOf(db)) seed(table);
  db.close();
}

/** All rows of all tables. */
export function tablesIn(path: string): Tables {
  const db = new SqliteConnection(path);
  const tables = new Map(
    namesOf(db).map((table) => [table, db.prepare<[], Row>(`SELECT * FROM ${table}`).all()] as const),
  );
  db.close();
  return tables;
}

/** What SQLite finds wrong with a file, references without a row included. */
export function faultsIn(path: string): readonly unknown[] {
  const db = new SqliteConnection(path);
  const broken = db.pragma('foreign_key_check') as readonly unknown[];
  const damage = db.pragma('integrity_check', { simple: true });
  db.close();
  return damage === 'ok' ? broken : [...broken, damage];
}

/** Its tables with their columns, its indexes and its triggers. */
export function schemaOf(path: string): readonly string[] {
  const db = new SqliteConnection(path);
  const columns = namesOf(db).flatMap((table) =>
    (db.pragma(`table_info(${table})`) as readonly Column[]).map(
      ({ name, type }) => `${table}.${name} ${type}`,
    ),
  );
  const others = db
    .prepare<[], string>("SELECT type || ' ' || name FROM sqlite_master WHERE type IN ('index', 'trigger')")
    .pluck()
    .all();
  db.close();
  return [...columns, ...others].toSorted();
}

/** What migrations do to tables besides adding to them. */
export interface TableChanges {
  /** Tables that have another name today. */
  readonly renamed: Readonly<Record<string, string>>;
  /** Columns whose values a migration changes or moves. */
  readonly rewritten: readonly string[];
  /** Tables whose rows can be made anew from others. */
  readonly dropped: readonly string[];
}

/** What was in the tables and is there no more: whole tables, and rows as far as they have the columns that are still there; also rows that came from nowhere. */
export function lostIn(before: Tables, after: Tables, changes: TableChanges): readonly string[] {
  return [...before].flatMap(([table, rows]) => {
    if (changes.dropped.includes(table)) return [];
    const name = changes.renamed[table] ?? table;
    const now = after.get(name);
    if (now === undefined) return [`the table ${table}`];
    const columns = Object.keys(rows[0] ?? {}).filter(
      (column) => column in (now[0] ?? {}) && !changes.rewritten.includes(column),
    );
    const shared = (row: Row) => JSON.stringify(columns.map((column) => row[column]));
    const left = new Set(now.map(shared));
    const lost = rows.map(shared).filter((row) => !left.has(row));
    const more = now.length > rows.length ? [`${String(now.length - rows.length)} rows too many`] : [];
    return [...lost, ...more].map((what) => `${table}: ${what}`);
  });
}

const namesOf = (db: SqliteConnection.Database): readonly string[] =>
  db
    .prepare<[], string>(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB 'sqlite_*' AND name NOT GLOB 'kysely_*' ORDER BY name",
    )
    .pluck()
    .all();

/** All is in the first organization, and a guest is at the desk of the other extension. */
function keyOf(db: SqliteConnection.Database, { from, table, to }: Reference, n: number): unknown {
  const keys = db
    .prepare(`SELECT ${to ?? 'rowid'} FROM ${table} ORDER BY rowid`)
    .pluck()
    .all();
  if (from === 'organization_id') return keys[0];
  return keys[(from === 'base_id' ? n : n - 1) % keys.length];
}

function valueOf(column: string, type: string, n: number): string | number | Buffer | null {
  const value = VALUES[column];
  if (value !== undefined) return value;
  if (/blob/i.test(type)) return Buffer.from(`${column} ${String(n)}`);
  return /int/i.test(type) ? n : `${column} ${String(n)}`;
}
