import { sql } from 'kysely';
import type { AuditSearch } from '../../../management/audit-repository.ts';
import type { Database } from '../database.ts';
import type { OrganizationSchema } from '../schema.ts';

/** Positions that are looked at in one go for a text, which no index finds: others have their turn between them. */
export const STRETCH = 5_000;

/** What is searched for, by position: from `first` up to and with `last`. */
interface Bounds {
  readonly first: number;
  readonly last: number;
}

type Entry = OrganizationSchema['audit'];
type Audits = Database<OrganizationSchema>;

/** The first entries that are asked for, the latest first. */
export async function searched(
  db: Audits,
  organization: string,
  search: AuditSearch,
  limit: number,
): Promise<readonly Entry[]> {
  const bounds = boundsOf(db, organization, search);
  const actions = search.action?.split(',') ?? [undefined];
  if (search.text === undefined || search.text === '') {
    // Entries of one action are in order in the index; those of several are brought into one order here.
    const found = actions.flatMap((action) =>
      db.all(entriesOf(db, organization, search, bounds, action).limit(limit)),
    );
    return found.sort((one, other) => other.position - one.position).slice(0, limit);
  }
  const found: Entry[] = [];
  for (let last = bounds.last; last >= bounds.first && found.length < limit; last -= STRETCH) {
    const stretch = { first: Math.max(bounds.first, last - STRETCH + 1), last };
    const wanted = entriesOf(db, organization, search, stretch, undefined).where(isAbout(search.text));
    const rows = search.action === undefined ? wanted : wanted.where('action', 'in', actions as string[]);
    found.push(...db.all(rows.limit(limit - found.length)));
    if (found.length < limit) await new Promise(setImmediate);
  }
  return found;
}

/** Between which positions everything is that is asked for: times and positions go together, but for clocks that are set back. */
function boundsOf(
  db: Audits,
  organization: string,
  { from, until, before = Number.MAX_SAFE_INTEGER }: AuditSearch,
): Bounds {
  const newest = db.first(headOf(db, organization))?.position ?? 0;
  if (from === undefined && until === undefined) return { first: 0, last: Math.min(newest, before - 1) };
  const found = db.first(boundsWithin(db, organization, { from, until }));
  return { first: found?.first ?? newest + 1, last: Math.min(found?.last ?? 0, before - 1) };
}

const headOf = ({ sql: query }: Audits, organization: string) =>
  query.selectFrom('audit_heads').select('position').where('organization_id', '=', organization);

/** The lowest and the highest position of that time. */
export const boundsWithin = (
  { sql: query }: Audits,
  organization: string,
  { from = 0, until = Number.MAX_SAFE_INTEGER }: { from: number | undefined; until: number | undefined },
) =>
  query
    .selectFrom(sql<Entry>`audit`.as<'audit'>(sql`audit indexed by audit_at`))
    .select((e) => [e.fn.min('position').as('first'), e.fn.max('position').as('last')])
    .where('organization_id', '=', organization)
    .where('at', '>=', from)
    .where('at', '<', until);

/** Entries between two positions that are of that time, and of that action. */
export function entriesOf(
  { sql: query }: Audits,
  organization: string,
  { from, until }: Pick<AuditSearch, 'from' | 'until'>,
  { first, last }: Bounds,
  action: string | undefined,
) {
  // Of its own accord SQLite reads what everyone did.
  const index = action === undefined ? sql`` : sql`indexed by audit_action`;
  let rows = query
    .selectFrom(sql<Entry>`audit`.as<'audit'>(sql`audit ${index}`))
    .selectAll()
    .where('organization_id', '=', organization)
    .where('position', '>=', first)
    .where('position', '<=', last);
  if (action !== undefined) rows = rows.where('action', '=', action);
  if (from !== undefined) rows = rows.where('at', '>=', from);
  if (until !== undefined) rows = rows.where('at', '<', until);
  return rows.orderBy('position', 'desc');
}

function isAbout(text: string) {
  const pattern = `%${text.replaceAll(/[\\%_]/g, (one) => `\\${one}`)}%`;
  const like = (column: 'who' | 'about' | 'address') =>
    sql<boolean>`${sql.ref(column)} LIKE ${pattern} ESCAPE '\\'`;
  return sql<boolean>`(${sql.join([like('who'), like('about'), like('address')], sql` or `)})`;
}
