import { sql as raw } from 'kysely';
import type { Database } from '../../database.ts';
import type { ArchiveSchema } from '../schema.ts';
import { Pairs } from './pairs.ts';
import {
  type CountedPart,
  DAY_MS,
  joined,
  packed,
  type Sheet,
  sheetOf,
  type SheetSums,
  unpacked,
  wordsOf,
} from './sheet.ts';
import { packedSums, sumsOfSheet, unpackedSums } from './sheet-sums.ts';
import type { Tally } from './tally.ts';

const COUNTED = [
  ...['extension', 'terminal', 'started_at', 'role', 'result'],
  ...['external', 'ring_ms', 'talk_ms', 'hold_ms', 'transferred'],
] as const satisfies readonly (keyof CountedPart)[];

/** Days of a long sheet, which begins at a multiple of them. */
export const LONG = 32;

/** Sums of long sheets that are kept in memory: those of two years, about a megabyte each where there are 5,000 extensions. */
const KEPT = 24;

/** The first day and the first one no longer included, in days since 1970-01-01 UTC. */
export interface DaySpan {
  readonly from: number;
  readonly until: number;
}

/** Which sheet: of one day, or a long one. */
interface SheetKey {
  readonly day: number;
  readonly days: 1 | typeof LONG;
}

/**
 * The parts of calls as they are added up: a year is read in a few hundredths of a second. The sheet of a day that is over is made when it
 * is first asked for, and kept; so is a long one, of `LONG` days, whose parts lie closer together. A record that comes late, because its
 * call went on over midnight, makes its sheets be made anew.
 */
export class CallSheets {
  readonly #db: Database<ArchiveSchema>;
  readonly #readParts: ReturnType<typeof prepareRead<'parts'>>;
  readonly #readSums: ReturnType<typeof prepareRead<'sums'>>;
  readonly #forget: ReturnType<typeof prepareForget>;
  readonly #pairs = new Map<number, Pairs>();
  /** What long sheets add up to, the one that was used last at the end. */
  readonly #kept = new Map<string, SheetSums>();
  /** No sheet is of that day or a later one. */
  #until: number;

  constructor(db: Database<ArchiveSchema>) {
    this.#db = db;
    this.#readParts = prepareRead(db, 'parts');
    this.#readSums = prepareRead(db, 'sums');
    this.#forget = prepareForget(db);
    const newest = db.first(
      db.sql
        .selectFrom('call_sheets')
        .select((e) => e.fn.max('day').as('day'))
        .where('days', '=', 1),
    );
    this.#until = (newest?.day ?? -1) + 1;
  }

  /** A call that began then is being written (hot path: once a call). */
  written(organization: number, startedAt: number): void {
    if (startedAt >= this.#until * DAY_MS) return;
    const day = Math.floor(startedAt / DAY_MS);
    const long = beginOfLong(day);
    this.#forget.run({ organization, days: 1, day });
    this.#forget.run({ organization, days: LONG, day: long });
    this.#kept.delete(nameOf(organization, long));
  }

  pairsOf(organization: number): Pairs {
    const known = this.#pairs.get(organization) ?? new Pairs(this.#db, organization);
    this.#pairs.set(organization, known);
    return known;
  }

  /** Makes sheets that the sums of these days need, so many at most. @returns whether each of those that are over has its sheet now. */
  make(organization: number, span: DaySpan, most: number): boolean {
    const over = this.#daysOver(organization, span);
    const missing = ([1, LONG] as const).flatMap((days) => {
      const made = new Set(this.#stored(organization, over, days));
      return daysBy(over, days)
        .filter((day) => !made.has(day))
        .map((day) => ({ day, days }));
    });
    // Days first: long sheets are made of them.
    for (const key of missing.slice(0, most)) {
      if (key.days === 1) this.#makeOne(organization, key.day);
      else this.#makeLong(organization, key.day);
    }
    return missing.length <= most;
  }

  /** Adds up those of these days that are over, whose sheets have been made: long ones where all their days are asked for. */
  addOver(tally: Tally, organization: number, span: DaySpan): void {
    const over = this.#daysOver(organization, span);
    const long = this.#stored(organization, over, LONG);
    for (const day of long) {
      const key = { day, days: LONG } as const;
      const sums = tally.isWhole(timeOf(key)) ? this.#sumsOf(organization, key) : undefined;
      if (sums) tally.addWhole(sums);
      else tally.add(this.#read(organization, key));
    }
    const isInLong = new Set(long);
    for (const day of this.#stored(organization, over, 1))
      if (!isInLong.has(beginOfLong(day))) tally.add(this.#read(organization, { day, days: 1 }));
  }

  /** Sheets of those of these days that are not over. */
  open(organization: number, span: DaySpan): readonly Sheet[] {
    const over = this.#daysOver(organization, span);
    const open = { from: Math.max(over.from, over.until), until: span.until };
    return this.ofParts(organization, open, undefined);
  }

  /** Sheets of these days that are made of the parts and not stored: of all extensions, or of some. */
  ofParts(organization: number, span: DaySpan, extensions: readonly number[] | undefined): readonly Sheet[] {
    const parts = this.#db.all(partsQuery(this.#db, organization, span, extensions));
    const byBegin = Map.groupBy(parts, (part) => beginOfLong(Math.floor(part.started_at / DAY_MS)));
    return this.#numbering(organization, (pairOf) =>
      [...byBegin].map(([day, all]) => sheetOf(timeOf({ day, days: LONG }), all, pairOf)),
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

  /** The days at which those sheets begin that lie within the span. */
  #stored(organization: number, { from, until }: DaySpan, days: SheetKey['days']): readonly number[] {
    return this.#db
      .all(
        this.#db.sql
          .selectFrom('call_sheets')
          .select('day')
          .where('organization', '=', organization)
          .where('days', '=', days)
          .where('day', '>=', from)
          .where('day', '<=', until - days)
          .orderBy('day'),
      )
      .map(({ day }) => day);
  }

  #read(organization: number, key: SheetKey): Sheet {
    const [stored] = this.#readParts.all({ organization, ...key });
    return unpacked(timeOf(key), wordsOf(stored?.parts ?? Buffer.alloc(0)));
  }

  /** Kept in memory: most reports are of the same months, and reading them takes as long as adding them up. */
  #sumsOf(organization: number, key: SheetKey): SheetSums | undefined {
    const name = nameOf(organization, key.day);
    const sums = this.#kept.get(name) ?? this.#readSumsOf(organization, key);
    if (sums === undefined) return undefined;
    this.#kept.delete(name);
    this.#kept.set(name, sums);
    const [oldest] = this.#kept.keys();
    if (oldest !== undefined && this.#kept.size > KEPT) this.#kept.delete(oldest);
    return sums;
  }

  #readSumsOf(organization: number, key: SheetKey): SheetSums | undefined {
    const sums = this.#readSums.all({ organization, ...key })[0]?.sums;
    return sums ? unpackedSums(timeOf(key), wordsOf(sums)) : undefined;
  }

  #makeOne(organization: number, day: number): void {
    const parts = this.#db.all(partsQuery(this.#db, organization, { from: day, until: day + 1 }, undefined));
    const key = { day, days: 1 } as const;
    this.#numbering(organization, (pairOf) =>
      this.#store(organization, key, sheetOf(timeOf(key), parts, pairOf), undefined),
    );
    this.#until = Math.max(this.#until, day + 1);
  }

  #makeLong(organization: number, day: number): void {
    const days = this.#stored(organization, { from: day, until: day + LONG }, 1);
    const key = { day, days: LONG } as const;
    const sheets = days.map((each) => this.#read(organization, { day: each, days: 1 }));
    const sheet = joined(timeOf(key), sheets);
    this.#store(organization, key, sheet, sumsOfSheet(sheet));
  }

  #store(organization: number, key: SheetKey, sheet: Sheet, sums: SheetSums | undefined): void {
    const row = { organization, ...key, parts: packed(sheet), sums: sums ? packedSums(sums) : null };
    this.#db.run(this.#db.sql.insertInto('call_sheets').values(row));
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

/** Of a long sheet. */
const nameOf = (organization: number, day: number): string => `${String(organization)} ${String(day)}`;

const beginOfLong = (day: number): number => Math.floor(day / LONG) * LONG;

/** The days at which sheets of that length begin that lie within the span. */
function daysBy({ from, until }: DaySpan, days: number): readonly number[] {
  const first = Math.ceil(from / days) * days;
  const count = Math.max(0, Math.floor((until - first) / days));
  return Array.from({ length: count }, (_, index) => first + index * days);
}

const timeOf = ({ day, days }: SheetKey): Pick<Sheet, 'from' | 'until'> => ({
  from: day * DAY_MS,
  until: (day + days) * DAY_MS,
});

type KeyOfOne = Pick<SheetKey, keyof SheetKey> & { organization: number };

const prepareRead = <Column extends 'parts' | 'sums'>(db: Database<ArchiveSchema>, column: Column) =>
  db.prepare<KeyOfOne>()((p) =>
    db.sql
      .selectFrom('call_sheets')
      .select(column)
      .where('organization', '=', p('organization'))
      .where('days', '=', p('days'))
      .where('day', '=', p('day')),
  );

const prepareForget = (db: Database<ArchiveSchema>) =>
  db.prepare<KeyOfOne>()((p) =>
    db.sql
      .deleteFrom('call_sheets')
      .where('organization', '=', p('organization'))
      .where('days', '=', p('days'))
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
