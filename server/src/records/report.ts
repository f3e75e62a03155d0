import {
  type ExtensionId,
  type FigureName,
  FIGURES,
  NOTHING,
  type ReportDay,
  type ReportPer,
  type Sums,
} from '@perch/shared';
import { type Added, type Additions, CALL_SUMS, type Known } from './ports.ts';
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
  const { extensions: whose, terminals } = calls.pairs;
  for (const [place, extension] of whose.entries())
    rows.add(extension, terminals[place] ?? null, calls.ofPairs, place);
  for (const { extension, terminal, ms } of stays) rows.stayed(extension, terminal, ms);
  const hours = windows.reduce((sum, { from, until }) => sum + until - from, 0) / HOUR_MS;
  return {
    ...{ hours, rows: sorted(rows.all, sort, hours), total: rows.total },
    days: windows.map((window, index) => ({ ...window, ...dayOf(calls, index) })),
  };
}

type Adding = { -readonly [sum in keyof Sums]: number };

/** The rows of a report, as they add up. */
class Rows {
  readonly #per: ReportPer;
  readonly #byExtension: ReadonlyMap<string, Known>;
  readonly #byTerminal: ReadonlyMap<string, Known>;
  readonly #rows = new Map<string, Row & { readonly sums: Adding }>();
  readonly total: Adding = { ...NOTHING };

  constructor(per: ReportPer, everyone: readonly Known[]) {
    this.#per = per;
    this.#byExtension = new Map(everyone.map((known) => [known.extension, known]));
    this.#byTerminal = new Map(everyone.map((known) => [known.terminal, known]));
  }

  get all(): readonly Row[] {
    return [...this.#rows.values()];
  }

  /** The sums at that place (hot path: a report of everyone has thousands). */
  add(extension: string, terminal: string | null, all: Float64Array, place: number): void {
    const at = place * CALL_SUMS.length;
    const isGuest = terminal !== null && this.#byExtension.get(extension)?.terminal !== terminal;
    const row = this.#rowOf(extension, terminal);
    addAt(row, all, at);
    addAt(this.total, all, at);
    if (!isGuest) return;
    const busyMs = (all[at + TALK] ?? 0) + (all[at + HOLD] ?? 0);
    row.busyThereMs += busyMs;
    this.total.busyThereMs += busyMs;
  }

  stayed(extension: string, terminal: string, ms: number): void {
    for (const into of [this.#rowOf(extension, terminal), this.total]) into.loggedInMs += ms;
  }

  #rowOf(extension: string, terminal: string | null): Adding {
    const [key, who] = this.#whose(extension, terminal);
    const row = this.#rows.get(key) ?? { ...who, sums: { ...NOTHING } };
    this.#rows.set(key, row);
    return row.sums;
  }

  #whose(extension: string, terminal: string | null): readonly [key: string, who: Omit<Row, 'sums'>] {
    const known =
      this.#per === 'station' ? this.#byTerminal.get(terminal ?? '') : this.#byExtension.get(extension);
    if (this.#per === 'group') return [known?.group ?? '', { number: '', name: known?.group ?? '' }];
    if (known === undefined) return ['', { number: '', name: '' }];
    return [known.extension, { number: known.number, name: known.name }];
  }
}

const [TALK, HOLD] = [CALL_SUMS.indexOf('talkMs'), CALL_SUMS.indexOf('holdMs')];

function addAt(into: Adding, all: Float64Array, at: number): void {
  for (let index = 0; index < CALL_SUMS.length; index++) {
    const sum = CALL_SUMS[index];
    const value = all[at + index];
    if (sum === undefined || value === undefined || value === 0) continue;
    into[sum] = sum === 'longestMs' ? Math.max(into[sum], value) : into[sum] + value;
  }
}

function dayOf({ ofWindows }: Added, index: number) {
  const sums: Adding = { ...NOTHING };
  addAt(sums, ofWindows, index * CALL_SUMS.length);
  const { handled, missed, declined, outgoing } = sums;
  return { handled, missed, declined, outgoing };
}

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
