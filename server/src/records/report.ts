import {
  type ExtensionId,
  type FigureName,
  FIGURES,
  NOTHING,
  type ReportDay,
  type ReportPer,
  type Sums,
} from '@perch/shared';
import {
  type Added,
  type Additions,
  DAY_SUMS,
  type Known,
  type LoggedIn,
  ROW_SUMS,
  type SumRows,
} from './ports.ts';
import { type ReportDays, windowsOf } from './windows.ts';

const HOUR_MS = 3_600_000;

/** Which report. */
export interface ReportAsked extends ReportDays {
  readonly per: ReportPer;
  /** Only what these have done; `undefined`: everyone. */
  readonly extensions?: readonly ExtensionId[];
  /** By what the rows are in order: their figures with the highest first, or their numbers. */
  readonly sort: FigureName | 'number';
}

/** Whose row it is, and what it adds up to. The number is empty for a group, and both where there is neither station nor group. */
interface Row {
  readonly number: string;
  readonly name: string;
  readonly sums: Sums;
}

/** The whole report; pages have some of its rows. */
export interface WholeReport {
  /** How long its days are, together. */
  readonly hours: number;
  readonly rows: readonly Row[];
  readonly total: Sums;
  readonly days: readonly ReportDay[];
}

/**
 * The figures of some days. Whatever the rows are about, they are made of the same sums, each of which belongs to one extension at one
 * terminal: so they add up to the same whole.
 */
export async function reportOf(
  additions: Additions,
  { per, extensions, sort, ...days }: ReportAsked,
): Promise<WholeReport> {
  const windows = windowsOf(days);
  const wanted = { windows, ...(extensions && { extensions }) };
  const rows = new Rows(per, await additions.everyone());
  const [calls, stays] = await Promise.all([
    additions.calls({ ...wanted, rows: rows.wanted }),
    additions.loggedIn(wanted),
  ]);
  rows.add(calls);
  for (const stay of stays) rows.stayed(stay);
  const hours = windows.reduce((sum, { from, until }) => sum + until - from, 0) / HOUR_MS;
  return {
    ...{ hours, rows: sorted(rows.all, sort, hours), total: rows.total() },
    days: windows.map((window, index) => ({ ...window, ...dayOf(calls, index) })),
  };
}

/** Sums one after the other, in this order: those of calls are in the order in which they come. */
const SUMS = [...ROW_SUMS, 'loggedInMs'] as const satisfies readonly (keyof Sums)[];
const LONGEST = SUMS.indexOf('longestMs');
const LOGGED_IN = SUMS.indexOf('loggedInMs');

/** The rows of a report, as they add up. */
class Rows {
  /** Whose rows they are. The last one is nobody's. */
  readonly #whose: readonly Omit<Row, 'sums'>[];
  readonly #rowOf: ReadonlyMap<string, number>;
  /** `SUMS` for each row, and whether there is anything to be added up. */
  readonly #sums: Float64Array;
  readonly #isThere: Uint8Array;
  readonly wanted: SumRows;

  constructor(per: ReportPer, everyone: readonly Known[]) {
    const groups = [...new Set(everyone.map(({ group }) => group))].filter((group) => group !== null);
    const owners =
      per === 'group'
        ? groups.map((name) => ({ number: '', name }))
        : everyone.map(({ number, name }) => ({ number, name }));
    const placeOf = new Map(groups.map((group, place) => [group, place]));
    const rows = Int32Array.from(everyone, ({ group }, place) =>
      per !== 'group' ? place : group === null ? owners.length : (placeOf.get(group) ?? owners.length),
    );
    const extensions = everyone.map(({ extension }) => extension);
    const terminals = everyone.map(({ terminal }) => terminal);
    const by = per === 'station' ? 'terminal' : 'extension';
    this.#whose = [...owners, { number: '', name: '' }];
    this.#rowOf = new Map(
      (by === 'terminal' ? terminals : extensions).map((id, place) => [id, rows[place] ?? owners.length]),
    );
    this.#sums = new Float64Array(this.#whose.length * SUMS.length);
    this.#isThere = new Uint8Array(this.#whose.length);
    this.wanted = { by, extensions, terminals, rows, count: this.#whose.length };
  }

  get all(): readonly Row[] {
    return this.#whose.flatMap((who, row) =>
      this.#isThere[row] === 1 ? [{ ...who, sums: sumsAt(this.#sums, row) }] : [],
    );
  }

  total(): Sums {
    const total = new Float64Array(SUMS.length);
    for (let at = 0; at < this.#sums.length; at++) {
      const [sum, value] = [at % SUMS.length, this.#sums[at] ?? 0];
      total[sum] = sum === LONGEST ? Math.max(total[sum] ?? 0, value) : (total[sum] ?? 0) + value;
    }
    return sumsAt(total, 0);
  }

  add({ ofRows, hasCalls }: Added): void {
    this.#isThere.set(hasCalls);
    for (let row = 0; row < this.#whose.length; row++)
      this.#sums.set(ofRows.subarray(row * ROW_SUMS.length, (row + 1) * ROW_SUMS.length), row * SUMS.length);
  }

  stayed({ extension, terminal, ms }: LoggedIn): void {
    const row =
      this.#rowOf.get(this.wanted.by === 'terminal' ? terminal : extension) ?? this.#whose.length - 1;
    this.#isThere[row] = 1;
    this.#sums[row * SUMS.length + LOGGED_IN] = (this.#sums[row * SUMS.length + LOGGED_IN] ?? 0) + ms;
  }
}

function sumsAt(sums: Float64Array, row: number): Sums {
  const named: { -readonly [sum in keyof Sums]: number } = { ...NOTHING };
  for (let index = 0; index < SUMS.length; index++)
    named[SUMS[index] ?? 'offered'] = sums[row * SUMS.length + index] ?? 0;
  return named;
}

const dayOf = ({ ofWindows }: Added, index: number) => {
  const [handled = 0, missed = 0, declined = 0, outgoing = 0] = ofWindows.subarray(index * DAY_SUMS.length);
  return { handled, missed, declined, outgoing };
};

/** By the figure, those without it last; else by number and name, those without either last. */
function sorted(rows: readonly Row[], sort: ReportAsked['sort'], hours: number): readonly Row[] {
  const value = ({ sums }: Row): number => (sort === 'number' ? 0 : (FIGURES[sort].of(sums, hours) ?? -1));
  return rows
    .map((row) => ({ row, value: value(row) }))
    .sort((one, other) => other.value - one.value || inOrder(one.row, other.row))
    .map(({ row }) => row);
}

const names = new Intl.Collator('en');

/** Numbers without a collator, which would take longer than all the rest; those alike by name. */
function inOrder(one: Row, other: Row): number {
  const isNobody = ({ number, name }: Row): number => Number(number === '' && name === '');
  return (
    isNobody(one) - isNobody(other) ||
    one.number.length - other.number.length ||
    (one.number === other.number ? 0 : one.number < other.number ? -1 : 1) ||
    names.compare(one.name, other.name)
  );
}
