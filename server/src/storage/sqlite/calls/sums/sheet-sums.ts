import { type Sheet, type SheetSums, SLOT_MS } from './sheet.ts';
import { Tally } from './tally.ts';

const MOST = 0xffff_ffff;
/** Before the columns: how many pairs there are, and how many numbers of them. */
const HEAD = 2;

/** What a sheet adds up to; `undefined` where that is more than 32 bits hold. */
export function sumsOfSheet(sheet: Sheet): SheetSums | undefined {
  const { from, until, pairs } = sheet;
  const rows = new Int32Array((pairs.at(-1) ?? -1) + 1);
  for (const [row, pair] of pairs.entries()) rows[pair] = row;
  const slots = Array.from({ length: (until - from) / SLOT_MS }, (_, slot) => from + slot * SLOT_MS);
  const tally = new Tally(
    slots.map((begin) => ({ from: begin, until: begin + SLOT_MS })),
    { rows, isAway: new Uint8Array(rows.length), count: pairs.length, areAll: true },
  );
  tally.add(sheet);
  const { ofRows, ofWindows } = tally.counted;
  if (ofRows.some((sum) => sum > MOST)) return undefined;
  return { from, until, pairs, ofPairs: Uint32Array.from(ofRows), ofSlots: Uint32Array.from(ofWindows) };
}

/** The sums of a sheet as they are stored. */
export function packedSums({ pairs, ofPairs, ofSlots }: SheetSums): Buffer {
  const all = new Uint32Array(HEAD + pairs.length + ofPairs.length + ofSlots.length);
  all.set([pairs.length, ofPairs.length]);
  all.set(pairs, HEAD);
  all.set(ofPairs, HEAD + pairs.length);
  all.set(ofSlots, HEAD + pairs.length + ofPairs.length);
  return Buffer.from(all.buffer);
}

/** Stored sums of a sheet, word by word. */
export function unpackedSums({ from, until }: Pick<Sheet, 'from' | 'until'>, all: Uint32Array): SheetSums {
  const [pairs = 0, sums = 0] = all;
  return {
    ...{ from, until, pairs: all.subarray(HEAD, HEAD + pairs) },
    ...{
      ofPairs: all.subarray(HEAD + pairs, HEAD + pairs + sums),
      ofSlots: all.subarray(HEAD + pairs + sums),
    },
  };
}
