import { sql as raw } from 'kysely';
import type { Database } from '../../database.ts';
import type { ArchiveSchema } from '../schema.ts';
import { Pairs } from './pairs.ts';
import { type CountedPart, DAY_MS, packed, type Sheet, sheetOf, unpacked } from './sheet.ts';

const COUNTED = [
  ...['extension', 'terminal', 'started_at', 'role', 'result'],
  ...['external', 'ring_ms', 'talk_ms', 'hold_ms', 'transferred'],
] as const satisfies readonly (keyof CountedPart)[];

/** The first day and the first one no longer included, in days since 1970-01-01 UTC. */
export interface DaySpan {
  readonly from: number;
  readonly until: number;
}

/**
 * The parts of calls, day by day, as they are added up: a year is read in a tenth of a second. The sheet of a day that is over is made when
 * it is first asked for, and kept. A record that comes late, because its call went on over midnight, makes its sheet be made anew.
 */
export class DaySheets {
  readonly #db: Database<ArchiveSchema>;
  readonly #readOne: ReturnType<typeof prepareRead>;
  readonly #pairs = new Map<number, Pairs>();
  /** No sheet is of that day or a later one. */
  #until: number;

  constructor(db: Database<ArchiveSchema>) {
    this.#db = db;
    this.#readOne = prepareRead(db);
    const newest = db.first(db.sql.selectFrom('day_sheets').select((e) => e.fn.max('day').as('day')));
    this.#until = (newest?.day ?? -1) + 1;
  }

  /** A call that began then is being written (hot path: once a call). */
  written(organization: number, startedAt: number): void {
    if (startedAt >= this.#until * DAY_MS) return;
    const day = Math.floor(startedAt / DAY_MS);
    const { sql } = this.#db;
    this.#db.run(
      sql.deleteFrom('day_sheets').where('organization', '=', organization).where('day', '=', day),
    );
  }

  pairsOf(organization: number): Pairs {
    const known = this.#pairs.get(organization) ?? new Pairs(this.#db, organization);
    this.#pairs.set(organization, known);
    return known;
  }

  /** Makes sheets of days that have none, so many at most. @returns whether each day that is over has one now. */
  make(organization: number, span: DaySpan, most: number): boolean {
    const { from, until } = this.#daysOver(organization, span);
    const made = new Set(this.#stored(organization, { from, until }));
    const missing = Array.from({ length: Math.max(0, until - from) }, (_, index) => from + index).filter(
      (day) => !made.has(day),
    );
    for (const day of missing.slice(0, most)) this.#make(organization, day);
    return missing.length <= most;
  }

  /** The sheets of these days, which have been made as far as they are over. */
  of(organization: number, span: DaySpan): Iterable<Sheet> {
    const { from, until } = this.#daysOver(organization, span);
    const open = this.ofParts(organization, { from: Math.max(from, until), until: span.until }, undefined);
    return this.#all(organization, this.#stored(organization, { from, until }), open);
  }

  /** One at a time, so that a long report takes no more memory than a short one. */
  *#all(organization: number, stored: readonly number[], open: readonly Sheet[]): Generator<Sheet> {
    for (const day of stored) yield this.#read(organization, day);
    yield* open;
  }

  /** The same of some extensions only, from their parts. */
  ofParts(organization: number, span: DaySpan, extensions: readonly number[] | undefined): readonly Sheet[] {
    const parts = this.#db.all(partsQuery(this.#db, organization, span, extensions));
    const days = Map.groupBy(parts, ({ started_at: startedAt }) => Math.floor(startedAt / DAY_MS));
    return this.#numbering(organization, (pairOf) =>
      [...days].map(([day, all]) => sheetOf(day, all, pairOf)),
    );
  }

  /** Those of the days on which there may be calls that come to no more: until the last on which one has begun. */
  #daysOver(organization: number, { from, until }: DaySpan): DaySpan {
    const { sql } = this.#db;
    const all = sql.selectFrom('call_records').where('organization', '=', organization);
    const [first, last] = (['min', 'max'] as const).map(
      (which) => this.#db.first(all.select((e) => e.fn[which]('started_at').as('at')))?.at ?? undefined,
    );
    if (first === undefined || last === undefined) return { from, until: from };
    return {
      from: Math.max(from, Math.floor(first / DAY_MS)),
      until: Math.min(until, Math.floor(last / DAY_MS)),
    };
  }

  #stored(organization: number, { from, until }: DaySpan): readonly number[] {
    const days = this.#db.sql
      .selectFrom('day_sheets')
      .select('day')
      .where('organization', '=', organization)
      .where('day', '>=', from)
      .where('day', '<', until)
      .orderBy('day');
    return this.#db.all(days).map(({ day }) => day);
  }

  #read(organization: number, day: number): Sheet {
    return unpacked(day, this.#readOne.all({ organization, day })[0]?.parts ?? Buffer.alloc(0));
  }

  #make(organization: number, day: number): void {
    const parts = this.#db.all(partsQuery(this.#db, organization, { from: day, until: day + 1 }, undefined));
    this.#numbering(organization, (pairOf) => {
      const sheet = packed(sheetOf(day, parts, pairOf));
      this.#db.run(this.#db.sql.insertInto('day_sheets').values({ organization, day, parts: sheet }));
    });
    this.#until = Math.max(this.#until, day + 1);
  }

  /** New pairs are stored with it, or neither is. */
  #numbering<Made>(organization: number, make: (pairOf: Pairs['numberOf']) => Made): Made {
    try {
      return this.#db.transaction(() => make(this.pairsOf(organization).numberOf));
    } catch (error) {
      this.#pairs.delete(organization);
      throw error;
    }
  }
}

const prepareRead = (db: Database<ArchiveSchema>) =>
  db.prepare<{ organization: number; day: number }>()((p) =>
    db.sql
      .selectFrom('day_sheets')
      .select('parts')
      .where('organization', '=', p('organization'))
      .where('day', '=', p('day')),
  );

/** The parts of these days, of all extensions or of some. */
export function partsQuery(
  { sql }: Database<ArchiveSchema>,
  organization: number,
  { from, until }: DaySpan,
  extensions: readonly number[] | undefined,
) {
  // Of its own accord SQLite reads everyone's.
  const index = extensions === undefined ? raw`` : raw`indexed by call_parts_extension`;
  const parts = sql
    .selectFrom(raw<ArchiveSchema['call_parts']>`call_parts`.as<'call_parts'>(raw`call_parts ${index}`))
    .select(COUNTED)
    .where('organization', '=', organization)
    .where('started_at', '>=', from * DAY_MS)
    .where('started_at', '<', until * DAY_MS)
    .orderBy('started_at');
  return extensions === undefined ? parts : parts.where('extension', 'in', extensions);
}
