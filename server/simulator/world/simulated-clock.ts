import type { Clock } from '../../src/world/clock.ts';

interface Timer {
  readonly at: number;
  /** Of two at the same instant, the one set first is called first. */
  readonly order: number;
  /** `undefined` once it is cancelled. */
  callback: (() => void) | undefined;
}

/** The time of a simulation: a heap of what is still to happen. Its wall clock can jump, as that of a machine does. */
export class SimulatedClock implements Clock {
  readonly #heap: Timer[] = [];
  #time = 0;
  #order = 0;
  #pending = 0;
  /** The wall clock when the simulation begins (milliseconds since 1970), and what jumps have added. */
  #wall: number;

  constructor(wall: number) {
    this.#wall = wall;
  }

  /** Timers that are neither due nor cancelled. */
  get pending(): number {
    return this.#pending;
  }

  now(): number {
    return this.#wall + Math.round(this.#time);
  }

  monotonic(): number {
    return this.#time;
  }

  /** The wall clock is set, forwards or backwards (milliseconds). */
  jump(ms: number): void {
    this.#wall += ms;
  }

  after(ms: number, callback: () => void): () => void {
    const timer: Timer = { at: this.#time + Math.max(0, ms), order: ++this.#order, callback };
    this.#pending += 1;
    this.#push(timer);
    return () => {
      if (timer.callback === undefined) return;
      timer.callback = undefined;
      this.#pending -= 1;
    };
  }

  /** Moves to the next timer that is due by `end`, and calls it; `false` where there is none: it is `end` then. */
  step(end: number): boolean {
    for (;;) {
      const next = this.#heap[0];
      if (next === undefined || next.at > end) {
        this.#time = Math.max(this.#time, end);
        return false;
      }
      this.#pop();
      const { callback } = next;
      if (callback === undefined) continue;
      next.callback = undefined;
      this.#pending -= 1;
      this.#time = next.at;
      callback();
      return true;
    }
  }

  #push(timer: Timer): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(timer);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || isBefore(above, timer)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = timer;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      const [left, right] = [heap[child], heap[child + 1]];
      let least = left;
      if (left !== undefined && right !== undefined && isBefore(right, left)) {
        child += 1;
        least = right;
      }
      if (least === undefined || isBefore(last, least)) break;
      heap[at] = least;
      at = child;
    }
    heap[at] = last;
  }
}

const isBefore = (one: Timer, other: Timer): boolean =>
  one.at < other.at || (one.at === other.at && one.order < other.order);

/** Resolves when every microtask queued by now, and those that they queue, have run. */
export const settled = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });
