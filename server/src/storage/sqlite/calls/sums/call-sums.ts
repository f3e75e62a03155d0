import type { Added, SumsWanted } from '../../../../records/ports.ts';
import type { ArchiveKeys } from '../archive-keys.ts';
import type { CallSheets, DaySpan } from './call-sheets.ts';
import { type NumberedRows, pairRows } from './pair-rows.ts';
import { DAY_MS } from './sheet.ts';
import { Tally } from './tally.ts';

type Windows = SumsWanted['windows'];

/** What is asked of the archive. */
export interface SumsAsked extends Omit<SumsWanted, 'rows'> {
  readonly rows: NumberedRows;
}

/** Beyond so many extensions, reading whole days is cheaper than looking each of them up. */
const MANY = 5;
/** Sheets that are made at a time, so that records do not wait long to be archived. */
const AT_A_TIME = 4;

/** The days in which these windows lie. */
const daysOf = (windows: Windows): DaySpan => ({
  from: Math.floor((windows[0]?.from ?? 0) / DAY_MS),
  until: Math.ceil((windows.at(-1)?.until ?? 0) / DAY_MS),
});

/** Makes some of the sheets that the sums need. @returns whether all are made. */
export function makeSheets(
  sheets: CallSheets,
  keys: ArchiveKeys,
  { organization, windows, extensions }: Omit<SumsAsked, 'rows'>,
): boolean {
  return isOfFew(extensions) || sheets.make(keys.of(organization), daysOf(windows), AT_A_TIME);
}

const isOfFew = <Each>(extensions: readonly Each[] | undefined): extensions is readonly Each[] =>
  extensions !== undefined && extensions.length <= MANY;

/** What the calls of these windows add up to. The sheets of days that are over have been made. */
export function sumsIn(sheets: CallSheets, keys: ArchiveKeys, asked: SumsAsked): Added {
  const organization = keys.of(asked.organization);
  const extensions = asked.extensions?.map((id) => keys.of(id));
  const days = daysOf(asked.windows);
  const isFew = isOfFew(extensions);
  // First, since there may be new pairs among them.
  const open = isFew ? sheets.ofParts(organization, days, extensions) : sheets.open(organization, days);
  const pairs = sheets.pairsOf(organization).all;
  const tally = new Tally(asked.windows, pairRows(pairs, asked.rows, extensions));
  if (!isFew) sheets.addOver(tally, organization, days);
  for (const sheet of open) tally.add(sheet);
  return tally.added();
}
