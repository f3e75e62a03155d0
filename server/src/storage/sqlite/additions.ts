import type { OrganizationId } from '@perch/shared';
import { sql as raw } from 'kysely';
import type { Added, Additions, Known, LoggedIn, SumsWanted } from '../../records/ports.ts';
import type { Clock } from '../../world/clock.ts';
import type { RecordArchive } from './calls/record-archive.ts';
import type { Database } from './database.ts';
import type { OrganizationSchema } from './schema.ts';

type Asked = Omit<SumsWanted, 'organization'>;
type Windows = SumsWanted['windows'];

/** Stays that are read at a time, so that nobody else waits for a long report. */
const AT_A_TIME = 2_000;

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

  async calls(asked: Asked): Promise<Added> {
    await this.#archive.newest();
    return this.#archive.sums({ organization: this.#organization, ...asked });
  }

  async loggedIn({ windows, extensions }: Asked): Promise<readonly LoggedIn[]> {
    const from = windows[0]?.from ?? 0;
    const until = windows.at(-1)?.until ?? 0;
    const isWanted = extensions && new Set<string>(extensions);
    const times = new Map<string, LoggedIn & { ms: number }>();
    for await (const some of this.#staysAfter(from))
      for (const { extension_id: extension, terminal_id: terminal, since, until: left } of some) {
        if (since >= until || isWanted?.has(extension) === false) continue;
        const key = `${extension} ${terminal}`;
        const time = times.get(key) ?? { extension, terminal, ms: 0 };
        time.ms += timeWithin(windows, since, left ?? this.#clock.now());
        times.set(key, time);
      }
    return [...times.values()].filter(({ ms }) => ms > 0);
  }

  async everyone(): Promise<readonly Known[]> {
    return this.#db.all(
      this.#db.sql
        .selectFrom('extensions')
        .select(['id as extension', 'terminal_id as terminal', 'number', 'name', 'group_name as group'])
        .where('organization_id', '=', this.#organization),
    );
  }

  /** Stays that had not ended by then, some at a time, in no order. */
  async *#staysAfter(from: number): AsyncGenerator<readonly Stay[]> {
    const open = this.#db.all(openStays(this.#db, this.#organization));
    yield open;
    // One that ends meanwhile has been counted.
    const counted = new Set(open.map(({ sequence }) => sequence));
    let last: Pick<Stay, 'until' | 'sequence'> = { until: from, sequence: Number.MAX_SAFE_INTEGER };
    for (;;) {
      const some = this.#db.all(endedStays(this.#db, this.#organization, last, AT_A_TIME));
      yield some.filter(({ sequence }) => !counted.has(sequence));
      const end = some.at(-1);
      if (end === undefined || some.length < AT_A_TIME) return;
      last = end;
      // Others have their turn.
      await new Promise(setImmediate);
    }
  }
}

interface Stay {
  readonly sequence: number;
  readonly extension_id: string;
  readonly terminal_id: string;
  readonly since: number;
  /** `null`: it goes on. */
  readonly until: number | null;
}

const stays = ({ sql }: Database<OrganizationSchema>, organization: string) =>
  sql
    .selectFrom('desk_stays')
    .select(['sequence', 'extension_id', 'terminal_id', 'since', 'until'])
    .where('organization_id', '=', organization);

/** Those that go on. */
export const openStays = (db: Database<OrganizationSchema>, organization: string) =>
  stays(db, organization).where('until', 'is', null);

/** The first of those that ended later than that one. */
export const endedStays = (
  db: Database<OrganizationSchema>,
  organization: string,
  { until, sequence }: Pick<Stay, 'until' | 'sequence'>,
  limit: number,
) =>
  stays(db, organization)
    .where(raw<boolean>`(until, sequence) > (${until}, ${sequence})`)
    .orderBy('until')
    .orderBy('sequence')
    .limit(limit);

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
