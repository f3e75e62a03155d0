import { sql } from 'kysely';
import { ERASED, type Person } from '../../../../personal/person.ts';
import type { Database } from '../../database.ts';
import type { OrganizationSchema } from '../../schema.ts';

export type Db = Database<OrganizationSchema>;

/** Somebody in an organization. */
export interface Whose {
  readonly db: Db;
  readonly organization: string;
  readonly person: Person;
}

/** What a table has of somebody. */
export interface TableHolding {
  /** What it is called in their archive; without one, nothing of it is there. */
  readonly name?: string;
  /** Rows of theirs, without secrets. */
  readonly rows?: (whose: Whose) => readonly object[];
  /** Takes them out of the table, as often as it is called; each step is short. */
  readonly erase?: (whose: Whose) => Iterable<unknown>;
}

/** It holds nothing of a person, or what it holds is gone with another row. */
export const NOTHING: TableHolding = {};

/** What each of these tables has of somebody. */
export type Holdings<Tables> = Readonly<Record<keyof Tables, TableHolding>>;

/** An id that nobody has, where they have no extension. */
export const idOf = ({ extension }: Person): string => extension?.id ?? '';
export const accountsOf = ({ accounts }: Person): string[] => accounts.map(({ id }) => id);
export const emailsOf = ({ accounts }: Person): string[] => accounts.map(({ email }) => email);

/** What they have made for others of the organization stays, without their address, which may be somebody else's in another one. */
export function* madeBy(
  { db, organization, person }: Whose,
  table: 'terminal_tokens' | 'enrolments' | 'person_links',
) {
  const [owner, owners] =
    table === 'person_links' ? (['person_id', 'people'] as const) : (['extension_id', 'extensions'] as const);
  const ours = db.sql.selectFrom(owners).select('id').where('organization_id', '=', organization);
  yield db.run(
    db.sql
      .updateTable(table)
      .set({ made_by: ERASED })
      .where('made_by', 'in', emailsOf(person))
      .where(sql<string>`${sql.ref(owner)}`, 'in', ours),
  );
}
