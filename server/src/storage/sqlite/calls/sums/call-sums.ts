import type { Added, SumsWanted } from '../../../../records/ports.ts';
import type { ArchiveKeys } from '../archive-keys.ts';
import type { DaySheets, DaySpan } from './day-sheets.ts';
import type { Pairs } from './pairs.ts';
import { DAY_MS } from './sheet.ts';
import { Tally } from './tally.ts';

type Windows = SumsWanted['windows'];

/** Beyond so many extensions, reading whole days is cheaper than looking each of them up. */
const MANY = 50;
/** Sheets that are made at a time, so that records do not wait long to be archived. */
const AT_A_TIME = 4;

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
  const tally = new Tally(windows, isWanted);
  for (const sheet of all) tally.add(sheet);
  const counted = tally.countedPairs();
  return { ...named(pairs, counted, keys), ofPairs: tally.sumsOf(counted), ofWindows: tally.ofWindows };
}

/** Those pairs, by the places of their ids. */
function named(
  pairs: Pairs['all'],
  counted: readonly number[],
  keys: ArchiveKeys,
): Pick<Added, 'ids' | 'pairs'> {
  const ids: string[] = [];
  const places = new Map<number, number>();
  const placeOf = (key: number): number => {
    const known = places.get(key);
    if (known !== undefined) return known;
    places.set(key, ids.length);
    return ids.push(keys.id(key)) - 1;
  };
  const extensions = new Int32Array(counted.length);
  const terminals = new Int32Array(counted.length);
  for (const [row, number] of counted.entries()) {
    const { extension, terminal } = pairs[number] ?? { extension: 0, terminal: null };
    extensions[row] = placeOf(extension);
    terminals[row] = terminal === null ? -1 : placeOf(terminal);
  }
  return { ids, pairs: { extensions, terminals } };
}
