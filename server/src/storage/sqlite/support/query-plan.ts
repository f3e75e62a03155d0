import type { CompiledQuery } from 'kysely';
import type { Database } from '../database.ts';

/** How SQLite answers that query, a step a line. */
export function planOf<Schema>(db: Database<Schema>, query: { compile(): CompiledQuery }): readonly string[] {
  const { sql, ...rest } = query.compile();
  const explained = { compile: () => ({ ...rest, sql: `explain query plan ${sql}` }) };
  return db.all<{ detail: string }>(explained as never).map(({ detail }) => detail);
}
