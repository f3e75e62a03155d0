import { type Added, DAY_SUMS, ROW_SUMS, type SumRows, type SumsWanted } from '../../../../records/ports.ts';
import type { ArchiveKeys } from '../archive-keys.ts';
import type { CallSheets } from '../sums/call-sheets.ts';
import { makeSheets, sumsIn } from '../sums/call-sums.ts';

/** An archive's sheets, and the numbers of its ids. */
export interface Sums {
  readonly sheets: CallSheets;
  readonly keys: ArchiveKeys;
}

/** For tests: what the archive adds up, once it has made the sheets that this needs. */
export function summed({ sheets, keys }: Sums, { rows, ...wanted }: SumsWanted): Added {
  while (!makeSheets(sheets, keys, wanted));
  const numbered = (ids: readonly string[]): Int32Array => Int32Array.from(ids, (id) => keys.of(id));
  const [extensions, terminals] = [numbered(rows.extensions), numbered(rows.terminals)];
  return sumsIn(sheets, keys, { ...wanted, rows: { ...rows, extensions, terminals } });
}

/** For tests: a row for each of these numbers, and one for everyone else. */
export function rowsOf(numbers: readonly string[], by: SumRows['by'] = 'extension'): SumRows {
  return {
    by,
    extensions: numbers.map((number) => `extension-${number}`),
    terminals: numbers.map((number) => `phone-${number}`),
    rows: Int32Array.from(numbers, (_, place) => place),
    count: numbers.length + 1,
  };
}

/** For tests: the sums of a row by their names. */
export const rowAt = ({ ofRows }: Added, row: number): Record<(typeof ROW_SUMS)[number], number> =>
  named(ROW_SUMS, ofRows, row);

/** For tests: the sums of a window by their names. */
export const windowAt = ({ ofWindows }: Added, window: number): Record<(typeof DAY_SUMS)[number], number> =>
  named(DAY_SUMS, ofWindows, window);

const named = <Name extends string>(names: readonly Name[], all: Float64Array, place: number) =>
  Object.fromEntries(names.map((name, index) => [name, all[place * names.length + index] ?? NaN])) as Record<
    Name,
    number
  >;
