import { type Added, DAY_SUMS, ROW_SUMS, type SumsWanted } from '../../../../records/ports.ts';
import type { PairRows } from './pair-rows.ts';
import { MARK, MARKS, type Sheet, type SheetSums, SLOT_MS, TIMES } from './sheet.ts';
import { Windows } from './windows.ts';

/**
 * What is counted of a part while parts are added up: as little as the sums can be made of. First the one thing that a part is at most,
 * and then what is for parts that are none.
 */
const COUNTED = [
  ...[...DAY_SUMS, 'nothing'],
  ...['external', 'transferred', 'rung', 'talked', 'talkMs', 'holdMs', 'rungMs', 'longestMs', 'busyThereMs'],
] as const;
const WIDTH = COUNTED.length;
const place = (name: (typeof COUNTED)[number]): number => COUNTED.indexOf(name);
const [EXTERNAL, TRANSFERRED, RUNG] = [place('external'), place('transferred'), place('rung')];
const [TALKED, TALK, HOLD] = [place('talked'), place('talkMs'), place('holdMs')];
const [RUNG_MS, LONGEST, BUSY_THERE] = [place('rungMs'), place('longestMs'), place('busyThereMs')];
const NOTHING = place('nothing');
/** How many things a part can be, of which it is one. */
const KINDS_COUNT = NOTHING + 1;

/** For each mark, which of the first ones it is. */
const KINDS = Uint8Array.from(MARKS, (mark) => {
  const kind = DAY_SUMS.findIndex((sum) => (mark & MARK[sum]) !== 0);
  return kind < 0 ? NOTHING : kind;
});
/** What is marked by one bit is counted without looking whether it is: where that is one thing or the other, processors guess wrongly. */
const [IS_EXTERNAL, IS_TRANSFERRED] = [shift(MARK.external), shift(MARK.transferred)];
const [HAS_RUNG, HAS_TALK, HAS_HOLD] = [shift(MARK.rung), shift(MARK.talk), shift(MARK.hold)];

/** How far that bit is from the lowest. */
function shift(bit: number): number {
  return Math.log2(bit);
}

/** Adds up sheets for each row and for each window. */
export class Tally {
  readonly #windows: Windows;
  readonly #pairs: PairRows;
  /** `COUNTED` for each row. */
  readonly #rows: Float64Array;
  readonly #hasCalls: Uint8Array;
  /** How many of each kind there are in each window, one after the other. */
  readonly #ofWindows: Float64Array;

  constructor(windows: SumsWanted['windows'], pairs: PairRows) {
    this.#windows = new Windows(windows);
    this.#pairs = pairs;
    this.#rows = new Float64Array(pairs.count * WIDTH);
    this.#hasCalls = new Uint8Array(pairs.count);
    this.#ofWindows = new Float64Array(windows.length * KINDS_COUNT);
  }

  /** Hot path: a report of a year has millions of parts. */
  add({ from, until, pairs, ends, timesEnd, begins, times, marks }: Sheet): void {
    const windows = this.#windows;
    if (!windows.lookAt(from, until)) return;
    const { froms, untils, firsts, slotBits, first } = windows;
    const [sums, hasCalls, ofWindows] = [this.#rows, this.#hasCalls, this.#ofWindows];
    const { rows, isAway } = this.#pairs;
    let [part, time] = [0, 0];
    for (let nth = 0; nth < pairs.length; nth++) {
      const pair = pairs[nth] ?? 0;
      const end = ends[nth] ?? 0;
      const row = rows[pair] ?? -1;
      if (row < 0) {
        part = end;
        time = timesEnd[nth] ?? 0;
        continue;
      }
      const into = row * WIDTH;
      let counted = 0;
      let external = 0;
      let transferred = 0;
      let rung = 0;
      let talked = 0;
      let rungMs = 0;
      let talkMs = 0;
      let holdMs = 0;
      let longestMs = 0;
      for (; part < end; part++) {
        const at = begins[part] ?? 0;
        const mark = marks[part] ?? 0;
        let window = firsts[at >>> slotBits] ?? 0;
        while (at >= (untils[window] ?? 0)) window += 1;
        if (at < (froms[window] ?? 0)) {
          time += TIMES[mark] ?? 0;
          continue;
        }
        counted = 1;
        const kind = KINDS[mark] ?? NOTHING;
        add(sums, into + kind, 1);
        add(ofWindows, (first + window) * KINDS_COUNT + kind, 1);
        external += (mark >> IS_EXTERNAL) & 1;
        transferred += (mark >> IS_TRANSFERRED) & 1;
        const hasRung = (mark >> HAS_RUNG) & 1;
        const hasTalk = (mark >> HAS_TALK) & 1;
        const hasHold = (mark >> HAS_HOLD) & 1;
        rungMs += hasRung * (times[time] ?? 0);
        const talk = hasTalk * (times[time + hasRung] ?? 0);
        const hold = hasHold * (times[time + hasRung + hasTalk] ?? 0);
        time += hasRung + hasTalk + hasHold;
        rung += hasRung;
        talked += hasTalk | hasHold;
        talkMs += talk;
        holdMs += hold;
        longestMs = Math.max(longestMs, talk + hold);
      }
      if (counted === 0) continue;
      hasCalls[row] = 1;
      add(sums, into + EXTERNAL, external);
      add(sums, into + TRANSFERRED, transferred);
      add(sums, into + RUNG, rung);
      add(sums, into + TALKED, talked);
      add(sums, into + TALK, talkMs);
      add(sums, into + HOLD, holdMs);
      add(sums, into + RUNG_MS, rungMs);
      sums[into + LONGEST] = Math.max(sums[into + LONGEST] ?? 0, longestMs);
      if (isAway[pair] === 1) add(sums, into + BUSY_THERE, talkMs + holdMs);
    }
  }

  /** Does everything of that time count, so that what a sheet adds up to can be added as it is? */
  isWhole({ from, until }: Pick<Sheet, 'from' | 'until'>): boolean {
    return this.#pairs.areAll && this.#windows.cover(from, until, SLOT_MS);
  }

  /** The same as the sheet of that time, which is whole. */
  addWhole({ from, until, pairs, ofPairs, ofSlots }: SheetSums): void {
    const { rows, isAway } = this.#pairs;
    const sums = this.#rows;
    for (let nth = 0; nth < pairs.length; nth++) {
      const pair = pairs[nth] ?? 0;
      const row = rows[pair] ?? -1;
      if (row < 0) continue;
      this.#hasCalls[row] = 1;
      const [at, into] = [nth * WIDTH, row * WIDTH];
      for (let count = 0; count < LONGEST; count++) add(sums, into + count, ofPairs[at + count] ?? 0);
      sums[into + LONGEST] = Math.max(sums[into + LONGEST] ?? 0, ofPairs[at + LONGEST] ?? 0);
      if (isAway[pair] === 1)
        add(sums, into + BUSY_THERE, (ofPairs[at + TALK] ?? 0) + (ofPairs[at + HOLD] ?? 0));
    }
    this.#windows.lookAt(from, until);
    const { untils, first } = this.#windows;
    let window = 0;
    for (let at = 0; at < ofSlots.length; at++) {
      const [slot, kind] = [Math.floor(at / KINDS_COUNT), at % KINDS_COUNT];
      while (slot * SLOT_MS >= (untils[window] ?? 0)) window += 1;
      add(this.#ofWindows, (first + window) * KINDS_COUNT + kind, ofSlots[at] ?? 0);
    }
  }

  /** What is counted, as it is. */
  get counted(): { readonly ofRows: Float64Array; readonly ofWindows: Float64Array } {
    return { ofRows: this.#rows, ofWindows: this.#ofWindows };
  }

  added(): Added {
    const ofRows = new Float64Array(this.#pairs.count * ROW_SUMS.length);
    let into = 0;
    for (let from = 0; from < this.#rows.length; from += WIDTH) {
      const [handled, missed] = [this.#rows[from] ?? 0, this.#rows[from + 1] ?? 0];
      const [declined, outgoing] = [this.#rows[from + 2] ?? 0, this.#rows[from + 3] ?? 0];
      const offered = handled + missed + declined;
      for (const sum of [offered, handled, missed, declined, outgoing]) ofRows[into++] = sum;
      ofRows[into++] = offered + outgoing - (this.#rows[from + EXTERNAL] ?? 0);
      for (let at = from + EXTERNAL; at < from + WIDTH; at++) ofRows[into++] = this.#rows[at] ?? 0;
    }
    const windows = Array.from({ length: this.#ofWindows.length / KINDS_COUNT }, (_, window) => window);
    const ofWindows = Float64Array.from(
      windows.flatMap((window) =>
        DAY_SUMS.map((_, kind) => this.#ofWindows[window * KINDS_COUNT + kind] ?? 0),
      ),
    );
    return { ofRows, hasCalls: this.#hasCalls, ofWindows };
  }
}

const add = (sums: Float64Array, at: number, value: number): void => {
  sums[at] = (sums[at] ?? 0) + value;
};
