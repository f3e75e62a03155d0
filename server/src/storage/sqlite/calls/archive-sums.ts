import { type RawBuilder, sql } from 'kysely';
import type { Added, CallSums, SumsWanted } from '../../../records/ports.ts';
import type { Database } from '../database.ts';
import type { ArchiveSchema } from './schema.ts';

type PairRow = CallSums & { readonly extension_id: string; readonly terminal_id: string | null };

/** How many of the rows that is true of. */
const count = (condition: string): RawBuilder<number> => sql.raw(`count(case when ${condition} then 1 end)`);
const total = (value: string): RawBuilder<number> => sql.raw(`coalesce(sum(${value}), 0)`);

const OFFERED = "result is not null and role = 'callee'";
const COUNTED = `(role = 'caller' or (${OFFERED}))`;
const RUNG = "result = 'handled' and ring_ms is not null";

/** Each figure that is added up, as the database adds it up. */
const COLUMNS = {
  offered: count(OFFERED),
  handled: count("result = 'handled'"),
  missed: count("result = 'missed'"),
  declined: count("result = 'declined'"),
  outgoing: count("role = 'caller'"),
  internal: count(`${COUNTED} and external = 0`),
  external: count(`${COUNTED} and external = 1`),
  transferred: total('transferred'),
  talked: count('talk_ms + hold_ms > 0'),
  talkMs: total('talk_ms'),
  holdMs: total('hold_ms'),
  rungMs: total(`case when ${RUNG} then ring_ms end`),
  rung: count(RUNG),
  longestMs: sql.raw<number>('coalesce(max(talk_ms + hold_ms), 0)'),
} satisfies Record<keyof CallSums, RawBuilder<number>>;

const NAMES = Object.keys(COLUMNS) as readonly (keyof CallSums)[];

/** What the calls of one window add up to, for each extension at each terminal. */
export function sumsQuery(
  { sql: query }: Database<ArchiveSchema>,
  { organization, extensions }: SumsWanted,
  window: { readonly from: number; readonly until: number },
) {
  const rows = query
    .selectFrom('call_parts')
    .select(['extension_id', 'terminal_id', ...NAMES.map((name) => COLUMNS[name].as(name))])
    .where('organization_id', '=', organization)
    .where('started_at', '>=', window.from)
    .where('started_at', '<', window.until)
    .groupBy(['extension_id', 'terminal_id']);
  return extensions === undefined ? rows : rows.where('extension_id', 'in', [...extensions]);
}

/** What the calls of these windows add up to. */
export function sumsIn(db: Database<ArchiveSchema>, wanted: SumsWanted): Added {
  const pairs = new Map<string, { extension: string; terminal: string | null; sums: CallSums }>();
  const byWindow = wanted.windows.map((window) => {
    let all: CallSums | undefined;
    for (const row of db.all(sumsQuery(db, wanted, window)) as readonly PairRow[]) {
      const { extension_id: extension, terminal_id: terminal, ...sums } = row;
      const key = `${extension} ${terminal ?? ''}`;
      pairs.set(key, { extension, terminal, sums: together(pairs.get(key)?.sums, sums) });
      all = together(all, sums);
    }
    return all ?? together(undefined, undefined);
  });
  return { pairs: [...pairs.values()], byWindow };
}

function together(one: CallSums | undefined, other: CallSums | undefined): CallSums {
  const sums = Object.fromEntries(NAMES.map((name) => [name, (one?.[name] ?? 0) + (other?.[name] ?? 0)]));
  const longestMs = Math.max(one?.longestMs ?? 0, other?.longestMs ?? 0);
  return { ...(sums as Record<keyof CallSums, number>), longestMs };
}
