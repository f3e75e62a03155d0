import type { SumsWanted } from '../../../../records/ports.ts';

/** Instants are looked up by slots of 2^20 ms, about a quarter of an hour: few have two windows. */
const SLOT_BITS = 20;

/** Windows, which follow each other in time, as those of one sheet are found by the instants of its parts. */
export class Windows {
  readonly slotBits = SLOT_BITS;
  readonly #all: SumsWanted['windows'];
  /** Of the windows within the sheet, relative to its beginning; at the end one that never comes. */
  froms = new Float64Array(0);
  untils = new Float64Array(0);
  /** For each slot, the place among those of the first that is not over when it begins. */
  firsts = new Uint16Array(0);
  /** The place of the first of those among all. */
  first = 0;

  constructor(all: SumsWanted['windows']) {
    this.#all = all;
  }

  /** From now on they are relative to that time. @returns whether any is in it. */
  lookAt(from: number, until: number): boolean {
    const all = this.#all;
    this.first = this.#firstAfter(from);
    const last = firstThat(all.length, (place) => (all[place]?.from ?? 0) >= until);
    if (last <= this.first) return false;
    const within = all.slice(this.first, last);
    this.froms = Float64Array.from([...within.map((window) => window.from - from), Infinity]);
    this.untils = Float64Array.from([...within.map((window) => window.until - from), Infinity]);
    this.firsts = new Uint16Array(Math.ceil((until - from) / 2 ** SLOT_BITS));
    let window = 0;
    for (let slot = 0; slot < this.firsts.length; slot++) {
      while (slot * 2 ** SLOT_BITS >= (this.untils[window] ?? 0)) window += 1;
      this.firsts[slot] = window;
    }
    return true;
  }

  /** Is all of that time in windows, whose edges there are multiples of `step` (milliseconds)? */
  cover(from: number, until: number, step: number): boolean {
    let covered = from;
    for (let place = this.#firstAfter(from); covered < until; place++) {
      const window = this.#all[place];
      if (window === undefined || window.from > covered) return false;
      if (window.until < until && window.until % step !== 0) return false;
      covered = window.until;
    }
    return true;
  }

  /** The place of the first window that ends later than that. */
  #firstAfter(at: number): number {
    return firstThat(this.#all.length, (place) => (this.#all[place]?.until ?? 0) > at);
  }
}

/** The lowest number below `length` of which that is true, as it is of all higher ones; else `length`. */
function firstThat(length: number, isTrue: (place: number) => boolean): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isTrue(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
