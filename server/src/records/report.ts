import {
  type ExtensionId,
  type FigureName,
  FIGURES,
  NOTHING,
  type ReportDay,
  type ReportPer,
  type Sums,
} from '@perch/shared';
import { type Added, type Additions, CALL_SUMS, DAY_SUMS, type Known, type LoggedIn } from './ports.ts';
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
  const [calls, stays, everyone] = await Promise.all([
    additions.calls(wanted),
    additions.loggedIn(wanted),
    additions.everyone(),
  ]);
  const rows = new Rows(per, everyone);
  rows.add(calls);
  for (const stay of stays) rows.stayed(stay);
  const total = rows.total();
  const hours = windows.reduce((sum, { from, until }) => sum + until - from, 0) / HOUR_MS;
  return {
    ...{ hours, rows: sorted(rows.all, sort, hours), total },
    days: windows.map((window, index) => ({ ...window, ...dayOf(calls, index) })),
  };
}

/** Sums one after the other, in this order: those of calls are in the order in which they come. */
const SUMS = [...CALL_SUMS, 'loggedInMs', 'busyThereMs'] as const satisfies readonly (keyof Sums)[];
const place = (sum: keyof Sums): number => SUMS.indexOf(sum);
const [TALK, HOLD, LONGEST] = [place('talkMs'), place('holdMs'), place('longestMs')];
const [LOGGED_IN, BUSY_THERE] = [place('loggedInMs'), place('busyThereMs')];

/** The rows of a report, as they add up. */
class Rows {
  readonly #per: ReportPer;
  readonly #byExtension: ReadonlyMap<string, Known>;
  readonly #byTerminal: ReadonlyMap<string, Known>;
  /** Whose rows they are, in the order in which they came, and the places in it by their keys. */
  readonly #whose: Omit<Row, 'sums'>[] = [];
  readonly #places = new Map<string, number>();
  /** `SUMS` for each row. Nobody has two, and one is nobody's. */
  readonly #sums: Float64Array;

  constructor(per: ReportPer, everyone: readonly Known[]) {
    this.#per = per;
    this.#byExtension = new Map(everyone.map((known) => [known.extension, known]));
    this.#byTerminal = new Map(everyone.map((known) => [known.terminal, known]));
    this.#sums = new Float64Array((everyone.length + 1) * SUMS.length);
  }

  get all(): readonly Row[] {
    return this.#whose.map((who, row) => ({ ...who, sums: sumsAt(this.#sums, row) }));
  }

  total(): Sums {
    const total = new Float64Array(SUMS.length);
    for (const row of this.#whose.keys()) addAt(total, 0, this.#sums, row * SUMS.length, SUMS.length);
    return sumsAt(total, 0);
  }

  /** Hot path: a report of everyone has tens of thousands of pairs. */
  add({ ids, pairs: { extensions, terminals }, ofPairs }: Added): void {
    const homes = ids.map((id) => this.#byExtension.get(id)?.terminal);
    /** The row of each id, so that it is looked up once; the last is of those at no terminal. */
    const rows = new Int32Array(ids.length + 1).fill(-1);
    for (let pair = 0; pair < extensions.length; pair++) {
      const [extension = 0, terminal = -1] = [extensions[pair], terminals[pair]];
      const whose = this.#per !== 'station' ? extension : terminal < 0 ? ids.length : terminal;
      if (rows[whose] === -1) rows[whose] = this.#rowOf(ids[extension] ?? '', ids[terminal]);
      const into = (rows[whose] ?? 0) * SUMS.length;
      const at = pair * CALL_SUMS.length;
      addAt(this.#sums, into, ofPairs, at, CALL_SUMS.length);
      if (terminal >= 0 && homes[extension] !== ids[terminal])
        add(this.#sums, into + BUSY_THERE, (ofPairs[at + TALK] ?? 0) + (ofPairs[at + HOLD] ?? 0));
    }
  }

  stayed({ extension, terminal, ms }: LoggedIn): void {
    add(this.#sums, this.#rowOf(extension, terminal) * SUMS.length + LOGGED_IN, ms);
  }

  #rowOf(extension: string, terminal: string | undefined): number {
    const [key, who] = this.#ownerOf(extension, terminal);
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    const row = this.#whose.push(who) - 1;
    this.#places.set(key, row);
    return row;
  }

  #ownerOf(extension: string, terminal: string | undefined): readonly [key: string, who: Omit<Row, 'sums'>] {
    const known =
      this.#per === 'station' ? this.#byTerminal.get(terminal ?? '') : this.#byExtension.get(extension);
    if (this.#per === 'group') return [known?.group ?? '', { number: '', name: known?.group ?? '' }];
    if (known === undefined) return ['', { number: '', name: '' }];
    return [known.extension, { number: known.number, name: known.name }];
  }
}

function addAt(into: Float64Array, place: number, all: Float64Array, at: number, count: number): void {
  for (let index = 0; index < count; index++) {
    const value = all[at + index] ?? 0;
    if (index !== LONGEST) add(into, place + index, value);
    else if (value > (into[place + LONGEST] ?? 0)) into[place + LONGEST] = value;
  }
}

const add = (sums: Float64Array, at: number, value: number): void => {
  sums[at] = (sums[at] ?? 0) + value;
};

function sumsAt(sums: Float64Array, row: number): Sums {
  const named = { ...NOTHING } as { -readonly [sum in keyof Sums]: number };
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
