import type { OrganizationId } from '@perch/shared';
import type { Added, Additions, Known, LoggedIn, SumsWanted } from '../../records/ports.ts';
import type { Clock } from '../../world/clock.ts';
import type { RecordArchive } from './calls/record-archive.ts';
import type { Database } from './database.ts';
import { type EndedStays, othersHadTheirTurn, staysEnded } from './moves/ended-stays.ts';
import type { OrganizationSchema } from './schema.ts';

type Asked = Pick<SumsWanted, 'windows' | 'extensions'>;
type Windows = SumsWanted['windows'];

/** Stays that are added up at a time, so that nobody else waits for a long report. */
const AT_A_TIME = 10_000;
/** Beyond so many extensions, reading the stays of all is cheaper than looking each of them up. */
const MANY = 50;

interface Kept {
  readonly db: Database<OrganizationSchema>;
  readonly archive: RecordArchive;
  readonly endedStays: EndedStays;
  readonly clock: Clock;
}

/** What happened in one organization, added up. */
export class OrganizationAdditions implements Additions {
  readonly #db: Database<OrganizationSchema>;
  readonly #archive: RecordArchive;
  readonly #endedStays: EndedStays;
  readonly #organization: OrganizationId;
  readonly #clock: Clock;

  constructor({ db, archive, endedStays, clock }: Kept, organization: OrganizationId) {
    this.#db = db;
    this.#archive = archive;
    this.#endedStays = endedStays;
    this.#organization = organization;
    this.#clock = clock;
  }

  async calls(asked: Omit<SumsWanted, 'organization'>): Promise<Added> {
    await this.#archive.newest();
    return this.#archive.sums({ organization: this.#organization, ...asked });
  }

  async loggedIn({ windows, extensions }: Asked): Promise<readonly LoggedIn[]> {
    const spans = joined(windows);
    const few = extensions !== undefined && extensions.length <= MANY ? extensions : undefined;
    const time = new StayedTime(spans, this.#clock.now());
    if (few === undefined) await this.#addAll(time);
    else for (const stay of this.#db.all(staysOf(this.#db, this.#organization, few))) time.add(stay);
    const wanted = extensions && new Set<string>(extensions);
    return time.all.filter(({ extension }) => wanted?.has(extension) !== false);
  }

  async everyone(): Promise<readonly Known[]> {
    return this.#db.all(
      this.#db.sql
        .selectFrom('extensions')
        .select(['id as extension', 'terminal_id as terminal', 'number', 'name', 'group_name as group'])
        .where('organization_id', '=', this.#organization),
    );
  }

  async #addAll(time: StayedTime): Promise<void> {
    const { pairs, pair, since, until } = await this.#endedStays.of(this.#organization);
    // At once, so that none has ended in between.
    for (const stay of this.#db.all(staysEnded(this.#db, this.#organization, null))) time.add(stay);
    const sums = new Float64Array(pairs.length);
    const count = pair.length;
    for (let stay = 0; stay < count; stay++) {
      const at = pair[stay] ?? 0;
      sums[at] = (sums[at] ?? 0) + time.within(since[stay] ?? 0, until[stay] ?? 0);
      if (stay % AT_A_TIME === 0) await othersHadTheirTurn();
    }
    for (const [at, ms] of sums.entries()) {
      const whose = pairs[at];
      if (whose !== undefined) time.note(whose.extension, whose.terminal, ms);
    }
  }
}

/** How long extensions were at terminals within some time. */
class StayedTime {
  readonly all: LoggedIn[] = [];
  readonly #spans: Windows;
  readonly #now: number;

  /** @param now until when a stay has lasted that goes on. */
  constructor(spans: Windows, now: number) {
    this.#spans = spans;
    this.#now = now;
  }

  add({ extension_id: extension, terminal_id: terminal, since, until }: Stay): void {
    this.note(extension, terminal, this.within(since, until ?? this.#now));
  }

  note(extension: string, terminal: string, ms: number): void {
    if (ms > 0) this.all.push({ extension, terminal, ms });
  }

  /** Milliseconds of a stay. */
  within(since: number, until: number): number {
    return timeWithin(this.#spans, since, until);
  }
}

type Stay = Pick<OrganizationSchema['desk_stays'], 'extension_id' | 'terminal_id' | 'since' | 'until'>;

/** All stays of some. */
export const staysOf = (
  { sql }: Database<OrganizationSchema>,
  organization: string,
  extensions: readonly string[],
) =>
  sql
    .selectFrom('desk_stays')
    .select(['extension_id', 'terminal_id', 'since', 'until'])
    .where('organization_id', '=', organization)
    .where('extension_id', 'in', extensions);

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
