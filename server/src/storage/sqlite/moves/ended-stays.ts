import { type RawBuilder, sql as raw } from 'kysely';
import type { Database } from '../database.ts';
import type { OrganizationSchema } from '../schema.ts';

/** What ended in so much time is read at once, so that nobody else waits for a long past. */
const DAY_MS = 86_400_000;

/** An extension at a terminal. */
interface Pair {
  readonly extension: string;
  readonly terminal: string;
}

/** Stays that have ended, column by column; `pairs` has who was where, `pair` the place there. */
export interface StayTimes {
  readonly pairs: readonly Pair[];
  readonly pair: readonly number[];
  /** Milliseconds since 1970-01-01 UTC. */
  readonly since: readonly number[];
  readonly until: readonly number[];
}

/**
 * The stays that have ended, in memory, as reports add them up: reading those of a year takes much longer than adding them up. They are
 * read once; a temporary trigger notes what changes later, in the same transaction and whatever changes it.
 */
export class EndedStays {
  readonly #db: Database<OrganizationSchema>;
  readonly #read = new Map<string, Promise<Past>>();

  constructor(db: Database<OrganizationSchema>) {
    this.#db = db;
    for (const statement of WATCH) db.runAlone(compiled(db, statement));
  }

  /** All of them, as of now. What is returned grows when it is asked for again. */
  async of(organization: string): Promise<StayTimes> {
    for (;;) {
      const reading = this.#read.get(organization) ?? Past.read(this.#db, organization);
      this.#read.set(organization, reading);
      const past = await reading.catch((error: unknown) => {
        this.#drop(organization, reading);
        throw error;
      });
      // Another one who waited may have seen that some are gone, and taken note of it.
      if (this.#read.get(organization) !== reading) continue;
      const changes = this.#db.all(compiled(this.#db, changesOf(organization)));
      if (changes.every(({ gone }) => gone === 0)) {
        for (const { sequence } of changes) past.ended(sequence);
        return past.times;
      }
      this.#drop(organization, reading);
    }
  }

  #drop(organization: string, reading: Promise<Past>): void {
    if (this.#read.get(organization) === reading) this.#read.delete(organization);
  }
}

/** What has been read of one organization. */
class Past {
  readonly times: { [column in keyof StayTimes]: StayTimes[column][number][] } = {
    ...{ pairs: [], pair: [], since: [], until: [] },
  };
  readonly #db: Database<OrganizationSchema>;
  readonly #organization: string;
  readonly #places = new Map<string, number>();
  /** The newest stay when reading began, and those that went on then: their ends are noted, as are those of all that came later. */
  readonly #newest: number;
  readonly #open: Set<number>;

  private constructor(db: Database<OrganizationSchema>, organization: string) {
    this.#db = db;
    this.#organization = organization;
    db.runAlone(compiled(db, raw`replace into temp.stays_read values (${organization})`));
    db.all(compiled(db, changesOf(organization)));
    this.#newest =
      db.first(db.sql.selectFrom('desk_stays').select((e) => e.fn.max('sequence').as('newest')))?.newest ?? 0;
    this.#open = new Set(db.all(staysEnded(db, organization, null)).map(({ sequence }) => sequence));
  }

  static async read(db: Database<OrganizationSchema>, organization: string): Promise<Past> {
    const past = new Past(db, organization);
    const [first, last] = (['min', 'max'] as const).map((which) =>
      db.first(
        db.sql
          .selectFrom('desk_stays')
          .select((e) => e.fn[which]('until').as('at'))
          .where('organization_id', '=', organization),
      ),
    );
    for (let after = (first?.at ?? 0) - 1; after < (last?.at ?? 0); after += DAY_MS) {
      past.#read({ after, through: after + DAY_MS });
      await othersHadTheirTurn();
    }
    return past;
  }

  /** The stay with that number has ended since reading began. */
  ended(sequence: number): void {
    const stay = this.#db.first(
      this.#db.sql.selectFrom('desk_stays').select(COLUMNS).where('sequence', '=', sequence),
    );
    if (stay) this.#add(stay);
  }

  #read(ended: EndedIn): void {
    for (const stay of this.#db.all(staysEnded(this.#db, this.#organization, ended)))
      if (stay.sequence <= this.#newest && !this.#open.has(stay.sequence)) this.#add(stay);
  }

  #add({ extension_id: extension, terminal_id: terminal, since, until }: Stay): void {
    if (until === null) return;
    const key = `${extension} ${terminal}`;
    const place = this.#places.get(key) ?? this.times.pairs.push({ extension, terminal }) - 1;
    this.#places.set(key, place);
    this.times.pair.push(place);
    this.times.since.push(since);
    this.times.until.push(until);
  }
}

const COLUMNS = ['sequence', 'extension_id', 'terminal_id', 'since', 'until'] as const;
type Stay = Pick<OrganizationSchema['desk_stays'], 'extension_id' | 'terminal_id' | 'since' | 'until'>;

/** Later than the first instant, not later than the last. */
interface EndedIn {
  readonly after: number;
  readonly through: number;
}

/** Those that ended in that time; `null`: those that go on. */
export function staysEnded(
  { sql }: Database<OrganizationSchema>,
  organization: string,
  ended: EndedIn | null,
) {
  const stays = sql
    .selectFrom(
      raw<OrganizationSchema['desk_stays']>`desk_stays`.as<'desk_stays'>(
        raw`desk_stays indexed by desk_stays_ends`,
      ),
    )
    .select(COLUMNS)
    .where('organization_id', '=', organization);
  return ended === null
    ? stays.where('until', 'is', null)
    : stays.where('until', '>', ended.after).where('until', '<=', ended.through);
}

export const othersHadTheirTurn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

const compiled = <Row>({ sql }: Database<OrganizationSchema>, query: RawBuilder<Row>) => ({
  compile: () => query.compile(sql),
});

/** Of organizations that have been read. The tables are this connection's own, and gone with it. */
const WATCH = [
  raw`create temp table if not exists stays_read (organization text primary key) without rowid`,
  raw`create temp table if not exists stay_changes (organization text not null, sequence integer not null, gone integer not null)`,
  ...[
    { change: 'insert', row: 'new', when: 'new.until is not null', gone: '0' },
    { change: 'update', row: 'new', when: 'new.until is not null and old.until is null', gone: '0' },
    { change: 'delete', row: 'old', when: 'old.until is not null', gone: '1' },
  ].map(({ change, row, when, gone }) =>
    raw.raw(`
      create temp trigger if not exists stays_${change} after ${change} on main.desk_stays
        when ${when} and exists (select 1 from temp.stays_read where organization = ${row}.organization_id)
      begin
        insert into stay_changes values (${row}.organization_id, ${row}.sequence, ${gone});
      end`),
  ),
];

/** What has changed since this was asked the last time. */
const changesOf = (organization: string) =>
  raw<{ sequence: number; gone: 0 | 1 }>`
    delete from temp.stay_changes where organization = ${organization} returning sequence, gone`;
