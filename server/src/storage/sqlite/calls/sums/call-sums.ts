import { type Added, CALL_SUMS, type SumsWanted } from '../../../../records/ports.ts';
import type { ArchiveKeys } from '../archive-keys.ts';
import type { DaySheets, DaySpan } from './day-sheets.ts';
import type { Pairs } from './pairs.ts';
import { DAY_MS, type Sheet } from './sheet.ts';

type Windows = SumsWanted['windows'];

/** Beyond so many extensions, reading whole days is cheaper than looking each of them up. */
const MANY = 50;
/** Sheets that are made at a time, so that records do not wait long to be archived. */
const AT_A_TIME = 4;

const WIDTH = CALL_SUMS.length;
const [TALKED, TALK, HOLD, RUNG, LONGEST] = (
  ['talked', 'talkMs', 'holdMs', 'rungMs', 'longestMs'] as const
).map((sum) => CALL_SUMS.indexOf(sum)) as [number, number, number, number, number];
const IS_RUNG = 1 << CALL_SUMS.indexOf('rung');

/** The days in which these windows lie. */
const daysOf = (windows: Windows): DaySpan => ({
  from: Math.floor((windows[0]?.from ?? 0) / DAY_MS),
  until: Math.ceil((windows.at(-1)?.until ?? 0) / DAY_MS),
});

/** Makes some of the sheets that the sums need. @returns whether all are made. */
export function makeSheets(
  sheets: DaySheets,
  keys: ArchiveKeys,
  { organization, windows, extensions }: SumsWanted,
): boolean {
  return isOfFew(extensions) || sheets.make(keys.of(organization), daysOf(windows), AT_A_TIME);
}

const isOfFew = <Each>(extensions: readonly Each[] | undefined): extensions is readonly Each[] =>
  extensions !== undefined && extensions.length <= MANY;

/** What the calls of these windows add up to. The sheets of days that are over have been made. */
export function sumsIn(sheets: DaySheets, keys: ArchiveKeys, asked: SumsWanted): Added {
  const { windows } = asked;
  const organization = keys.of(asked.organization);
  const extensions = asked.extensions?.map((id) => keys.of(id));
  const days = daysOf(windows);
  const all = isOfFew(extensions)
    ? sheets.ofParts(organization, days, extensions)
    : sheets.of(organization, days);
  // Only now: there may be new ones among them.
  const pairs = sheets.pairsOf(organization).all;
  const wanted = extensions && new Set(extensions);
  const isWanted = Uint8Array.from(pairs, ({ extension: one }) => Number(wanted?.has(one) ?? true));
  const sums = {
    ...{ pairs: new Float64Array(pairs.length * WIDTH), windows: new Float64Array(windows.length * WIDTH) },
    touched: new Uint8Array(pairs.length),
  };
  let first = 0;
  for (const sheet of all) {
    first = skipped(windows, first, sheet.day * DAY_MS);
    addSheet(sheet, windows, first, isWanted, sums);
  }
  return { pairs: named(pairs, sums.touched, keys), ...{ ofPairs: compact(sums), ofWindows: sums.windows } };
}

/** The pairs that have any part. */
function named(pairs: Pairs['all'], touched: Uint8Array, keys: ArchiveKeys): Added['pairs'] {
  const counted = pairs.filter((_, number) => touched[number] === 1);
  return {
    extensions: counted.map(({ extension }) => keys.id(extension)),
    terminals: counted.map(({ terminal }) => (terminal === null ? null : keys.id(terminal))),
  };
}

/** Their sums, without room for those that have none. */
function compact({ pairs, touched }: Adding): Float64Array {
  const sums = new Float64Array(touched.reduce((count, one) => count + one, 0) * WIDTH);
  let at = 0;
  for (let pair = 0; pair < touched.length; pair++) {
    if (touched[pair] === 0) continue;
    sums.set(pairs.subarray(pair * WIDTH, (pair + 1) * WIDTH), at);
    at += WIDTH;
  }
  return sums;
}

/** The first window from that place on that is not over by then. */
function skipped(windows: Windows, place: number, at: number): number {
  let first = place;
  for (let window = windows[first]; window !== undefined && window.until <= at; window = windows[first])
    first += 1;
  return first;
}

interface Adding {
  readonly pairs: Float64Array;
  readonly windows: Float64Array;
  /** Which pairs have any part in a window. */
  readonly touched: Uint8Array;
}

/** Parts and windows are both in the order of time (hot path: once for each part of a report). */
function addSheet(sheet: Sheet, windows: Windows, first: number, isWanted: Uint8Array, sums: Adding): void {
  const start = sheet.day * DAY_MS;
  let place = first;
  let window = windows[place];
  for (let part = 0; part < sheet.length && window !== undefined; part++) {
    const at = start + (sheet.begins[part] ?? 0);
    while (window !== undefined && window.until <= at) window = windows[++place];
    const pair = sheet.pairs[part] ?? 0;
    if (window === undefined || at < window.from || isWanted[pair] === 0) continue;
    sums.touched[pair] = 1;
    addPart(sums.pairs, pair * WIDTH, sheet, part);
    addPart(sums.windows, place * WIDTH, sheet, part);
  }
}

function addPart(sums: Float64Array, at: number, { marks, rings, talks, holds }: Sheet, part: number): void {
  const mark = marks[part] ?? 0;
  // Each bit that is set, the lowest first: most have few.
  for (let left = mark; left !== 0; left &= left - 1) add(sums, at + 31 - Math.clz32(left & -left), 1);
  const [talk, hold] = [talks[part] ?? 0, holds[part] ?? 0];
  if (talk + hold > 0) {
    add(sums, at + TALKED, 1);
    add(sums, at + TALK, talk);
    add(sums, at + HOLD, hold);
    if (talk + hold > (sums[at + LONGEST] ?? 0)) sums[at + LONGEST] = talk + hold;
  }
  if ((mark & IS_RUNG) !== 0) add(sums, at + RUNG, rings[part] ?? 0);
}

const add = (sums: Float64Array, at: number, value: number): void => {
  sums[at] = (sums[at] ?? 0) + value;
};
