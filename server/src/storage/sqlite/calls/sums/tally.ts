import { CALL_SUMS, DAY_SUMS, type SumsWanted } from '../../../../records/ports.ts';
import { DAY_MS, MARK, type Sheet } from './sheet.ts';

type Windows = SumsWanted['windows'];

/**
 * What is counted of a part while parts are added up: as little as the sums can be made of. First the one thing that a part is at most;
 * the last is for parts that are none.
 */
const COUNTED = [
  ...['handled', 'missed', 'declined', 'outgoing', 'external', 'transferred', 'unrung'],
  ...['talked', 'talkMs', 'holdMs', 'rungMs', 'longestMs', 'nothing'],
] as const;
const WIDTH = COUNTED.length;
const place = (name: (typeof COUNTED)[number]): number => COUNTED.indexOf(name);
const [MISSED, DECLINED, OUTGOING] = [place('missed'), place('declined'), place('outgoing')];
const [EXTERNAL, TRANSFERRED, UNRUNG] = [place('external'), place('transferred'), place('unrung')];
const [TALKED, TALK, HOLD] = [place('talked'), place('talkMs'), place('holdMs')];
const [RUNG, LONGEST, NOTHING] = [place('rungMs'), place('longestMs'), place('nothing')];

const MARKS = Uint16Array.from({ length: 1 << 9 }, (_, mark) => mark);
/** For each mark, which of the first four it is. */
const KINDS = Uint8Array.from(MARKS, (mark) => {
  const kind = DAY_SUMS.findIndex((sum) => (mark & MARK[sum]) !== 0);
  return kind < 0 ? NOTHING : kind;
});
/** Of what is marked, what is rare. */
const isUnrung = (mark: number): boolean => (mark & MARK.handled) !== 0 && (mark & MARK.rung) === 0;
const RARE = Uint8Array.from(MARKS, (mark) =>
  Number((mark & (MARK.external | MARK.transferred)) !== 0 || isUnrung(mark)),
);

/** Adds up sheets that come in the order of time, for each pair and for each window. */
export class Tally {
  readonly #windows: Windows;
  readonly #isWanted: Uint8Array;
  /** `COUNTED` for each pair. */
  readonly #pairs: Float64Array;
  /** Which pairs have any part in a window. */
  readonly #touched: Uint8Array;
  /** `DAY_SUMS` for each window, one after the other. */
  readonly ofWindows: Float64Array;
  /** The first window that is not over by the sheet's day. */
  #first = 0;

  /** `isWanted`: for the number of each pair, whether it counts. */
  constructor(windows: Windows, isWanted: Uint8Array) {
    this.#windows = windows;
    this.#isWanted = isWanted;
    this.#pairs = new Float64Array(isWanted.length * WIDTH);
    this.#touched = new Uint8Array(isWanted.length);
    this.ofWindows = new Float64Array(windows.length * DAY_SUMS.length);
  }

  /** Parts and windows are both in the order of time (hot path: a report of a year has millions of parts). */
  add({ day, length, begins, pairs, marks, rings, talks, holds }: Sheet): void {
    const start = day * DAY_MS;
    const windows = this.#windows;
    while ((windows[this.#first]?.until ?? Infinity) <= start) this.#first += 1;
    let window = this.#first;
    let { from, until } = relativeTo(start, windows[window]);
    const [sums, ofWindows, isWanted, touched] = [this.#pairs, this.ofWindows, this.#isWanted, this.#touched];
    for (let part = 0; part < length; part++) {
      const at = begins[part] ?? 0;
      while (at >= until) ({ from, until } = relativeTo(start, windows[++window]));
      const pair = pairs[part] ?? 0;
      if (at < from || isWanted[pair] === 0) continue;
      touched[pair] = 1;
      const mark = marks[part] ?? 0;
      const kind = KINDS[mark] ?? NOTHING;
      const row = pair * WIDTH;
      add(sums, row + kind, 1);
      if (kind !== NOTHING) add(ofWindows, window * DAY_SUMS.length + kind, 1);
      if (RARE[mark] === 1) addRare(sums, row, mark);
      const [talk, hold] = [talks[part] ?? 0, holds[part] ?? 0];
      if (talk + hold > 0) {
        add(sums, row + TALKED, 1);
        add(sums, row + TALK, talk);
        add(sums, row + HOLD, hold);
        if (talk + hold > (sums[row + LONGEST] ?? 0)) sums[row + LONGEST] = talk + hold;
      }
      if ((mark & MARK.rung) !== 0) add(sums, row + RUNG, rings[part] ?? 0);
    }
  }

  /** The numbers of the pairs that have any part. */
  countedPairs(): readonly number[] {
    const counted: number[] = [];
    for (let pair = 0; pair < this.#touched.length; pair++) if (this.#touched[pair] === 1) counted.push(pair);
    return counted;
  }

  /** The sums of these pairs, in the order of `CALL_SUMS`. */
  sumsOf(pairs: readonly number[]): Float64Array {
    const all = new Float64Array(pairs.length * CALL_SUMS.length);
    const sums = this.#pairs;
    for (let row = 0; row < pairs.length; row++) {
      const from = (pairs[row] ?? 0) * WIDTH;
      let into = row * CALL_SUMS.length;
      const handled = sums[from] ?? 0;
      const offered = handled + (sums[from + MISSED] ?? 0) + (sums[from + DECLINED] ?? 0);
      const counted = offered + (sums[from + OUTGOING] ?? 0);
      all[into++] = offered;
      for (let at = from; at < from + EXTERNAL; at++) all[into++] = sums[at] ?? 0;
      all[into++] = counted - (sums[from + EXTERNAL] ?? 0);
      all[into++] = sums[from + EXTERNAL] ?? 0;
      all[into++] = sums[from + TRANSFERRED] ?? 0;
      all[into++] = handled - (sums[from + UNRUNG] ?? 0);
      for (let at = from + TALKED; at < from + NOTHING; at++) all[into++] = sums[at] ?? 0;
    }
    return all;
  }
}

/** From the beginning of a day (milliseconds); there is nothing in no window. */
const relativeTo = (start: number, window: Windows[number] | undefined) => ({
  from: (window?.from ?? Infinity) - start,
  until: (window?.until ?? Infinity) - start,
});

function addRare(sums: Float64Array, row: number, mark: number): void {
  if ((mark & MARK.external) !== 0) add(sums, row + EXTERNAL, 1);
  if ((mark & MARK.transferred) !== 0) add(sums, row + TRANSFERRED, 1);
  if (isUnrung(mark)) add(sums, row + UNRUNG, 1);
}

const add = (sums: Float64Array, at: number, value: number): void => {
  sums[at] = (sums[at] ?? 0) + value;
};
