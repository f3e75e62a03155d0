import type { OrganizationId } from '@perch/shared';
import { sql as raw } from 'kysely';
import type { Added, Additions, Known, LoggedIn, Span, SumsWanted } from '../../records/ports.ts';
import type { Clock } from '../../world/clock.ts';
import type { RecordArchive } from './calls/record-archive.ts';
import { json, type Json } from './columns.ts';
import type { Database } from './database.ts';
import type { OrganizationSchema } from './schema.ts';

type Asked = Pick<SumsWanted, 'windows' | 'extensions'>;
type Windows = SumsWanted['windows'];

/** Extensions at a terminal whose stays are read at a time, so that nobody else waits for a long report. */
const AT_A_TIME = 500;
/** Beyond so many extensions, reading the stays of all is cheaper than looking each of them up. */
const MANY = 50;
const DAY_MS = 86_400_000;
/** Since then, few enough stays have ended to be read in the order of their ends; else all are read in the order in which they add up. */
const RECENT_MS = 100 * DAY_MS;

/** What happened in one organization, added up. */
export class OrganizationAdditions implements Additions {
  readonly #db: Database<OrganizationSchema>;
  readonly #archive: RecordArchive;
  readonly #organization: OrganizationId;
  readonly #clock: Clock;

  constructor(
    db: Database<OrganizationSchema>,
    archive: RecordArchive,
    organization: OrganizationId,
    clock: Clock,
  ) {
    this.#db = db;
    this.#archive = archive;
    this.#organization = organization;
    this.#clock = clock;
  }

  async calls(asked: Omit<SumsWanted, 'organization'>): Promise<Added> {
    await this.#archive.newest();
    return this.#archive.sums({ organization: this.#organization, ...asked });
  }

  async loggedIn({ windows, extensions }: Asked): Promise<readonly LoggedIn[]> {
    const spans = joined(windows);
    const [from, until] = [spans[0]?.from ?? 0, spans.at(-1)?.until ?? 0];
    const wanted = extensions && new Set<string>(extensions);
    const now = this.#clock.now();
    const few = extensions !== undefined && extensions.length <= MANY ? extensions : undefined;
    const asked = { organization: this.#organization, from, until, now };
    const stays =
      few === undefined && now - from <= RECENT_MS ? this.#recent(asked) : this.#byTerminal(asked, few);
    const all: LoggedIn[] = [];
    for await (const some of stays)
      for (const { extension_id: extension, terminal_id: terminal, begins, ends } of some) {
        if (wanted?.has(extension) === false) continue;
        const ms = begins.reduce(
          (sum, since, index) => sum + timeWithin(spans, since, ends[index] ?? since),
          0,
        );
        if (ms > 0) all.push({ extension, terminal, ms });
      }
    return all;
  }

  async everyone(): Promise<readonly Known[]> {
    return this.#db.all(
      this.#db.sql
        .selectFrom('extensions')
        .select(['id as extension', 'terminal_id as terminal', 'number', 'name', 'group_name as group'])
        .where('organization_id', '=', this.#organization),
    );
  }

  /** The stays of that time, by extension and terminal, some of these at a time. */
  async *#byTerminal(span: StaysAsked, extensions: Asked['extensions']): AsyncGenerator<readonly Stays[]> {
    let last: Pair = NOBODY;
    for (;;) {
      const asked = { ...span, extensions, after: last, limit: AT_A_TIME };
      const some = this.#db.all(staysAtTerminals(this.#db, asked));
      yield some.map(({ begins, ends, ...pair }) => ({
        ...{ ...pair, begins: json.read(begins), ends: json.read(ends) },
      }));
      const end = some.at(-1);
      if (end === undefined || some.length < AT_A_TIME) return;
      last = end;
      await othersHadTheirTurn();
    }
  }

  /** The same of a time that is not long ago: first those that go on, then those that have ended, a day at a time. */
  async *#recent(asked: StaysAsked): AsyncGenerator<readonly Stays[]> {
    const read = (ended: EndedIn | null): readonly Stays[] =>
      this.#db
        .all(staysEnded(this.#db, asked, ended))
        .map(({ since, until, ...pair }) => ({ ...pair, begins: [since], ends: [until ?? asked.now] }));
    yield read(null);
    for (let after = asked.from; after < asked.now; after += DAY_MS) {
      // A clock that was set back may have written ends that are still to come.
      const isLast = after + DAY_MS >= asked.now;
      yield read({ after, through: isLast ? Number.MAX_SAFE_INTEGER : after + DAY_MS });
      await othersHadTheirTurn();
    }
  }
}

const othersHadTheirTurn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

interface Pair {
  readonly extension_id: string;
  readonly terminal_id: string;
}

/** Comes before everyone. */
const NOBODY: Pair = { extension_id: '', terminal_id: '' };

/** When the stays of an extension at a terminal began, and ended. */
interface Stays extends Pair {
  readonly begins: readonly number[];
  readonly ends: readonly number[];
}

interface StaysAsked extends Required<Span> {
  readonly organization: string;
  /** Until when a stay has lasted that goes on. */
  readonly now: number;
}

interface SomeStays extends StaysAsked {
  readonly extensions: readonly string[] | undefined;
  readonly after: Pair;
  readonly limit: number;
}

/** The first that come after that pair. */
export function staysAtTerminals(
  { sql }: Database<OrganizationSchema>,
  { organization, from, until, now, extensions, after, limit }: SomeStays,
) {
  const end = raw<number>`ifnull(until, ${now})`;
  const stays = sql
    .selectFrom('desk_stays')
    .select([
      'extension_id',
      'terminal_id',
      raw<Json<readonly number[]>>`json_group_array(since)`.as('begins'),
      raw<Json<readonly number[]>>`json_group_array(${end})`.as('ends'),
    ])
    .where('organization_id', '=', organization)
    .where(raw<boolean>`(extension_id, terminal_id) > (${after.extension_id}, ${after.terminal_id})`)
    .where('since', '<', until)
    .where(end, '>', from)
    .groupBy(['extension_id', 'terminal_id'])
    .orderBy('extension_id')
    .orderBy('terminal_id')
    .limit(limit);
  return extensions === undefined ? stays : stays.where('extension_id', 'in', extensions);
}

/** Later than the first instant, not later than the last. */
interface EndedIn {
  readonly after: number;
  readonly through: number;
}

/** Those that ended in that time; `null`: those that go on. */
export function staysEnded(
  { sql }: Database<OrganizationSchema>,
  { organization, until }: Pick<StaysAsked, 'organization' | 'until'>,
  ended: EndedIn | null,
) {
  // Of its own accord SQLite looks for those that began in time, which are nearly all.
  const stays = sql
    .selectFrom(
      raw<OrganizationSchema['desk_stays']>`desk_stays`.as<'desk_stays'>(
        raw`desk_stays indexed by desk_stays_ends`,
      ),
    )
    .select(['extension_id', 'terminal_id', 'since', 'until'])
    .where('organization_id', '=', organization)
    .where('since', '<', until);
  return ended === null
    ? stays.where('until', 'is', null)
    : stays.where('until', '>', ended.after).where('until', '<=', ended.through);
}

/** Windows of which one begins when the other ends, as one. */
function joined(windows: Windows): Windows {
  const spans: { from: number; until: number }[] = [];
  for (const { from, until } of windows) {
    const last = spans.at(-1);
    if (last?.until === from) last.until = until;
    else spans.push({ from, until });
  }
  return spans;
}

/** How much of that time lies within windows, which are in the order of time (milliseconds). */
function timeWithin(windows: Windows, from: number, until: number): number {
  let ms = 0;
  for (let place = firstAfter(windows, from); place < windows.length; place++) {
    const window = windows[place];
    if (window === undefined || window.from >= until) break;
    ms += Math.min(window.until, until) - Math.max(window.from, from);
  }
  return ms;
}

/** The place of the first window that ends later than that. */
function firstAfter(windows: Windows, at: number): number {
  let [low, high] = [0, windows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((windows[middle]?.until ?? 0) > at) high = middle;
    else low = middle + 1;
  }
  return low;
}
