import type { Clock } from './clock.ts';

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/** A clock that stands still until a test moves it. */
export class VirtualClock implements Clock {
  #time: number;
  readonly #timers = new Set<Timer>();

  constructor(time = 1_000_000) {
    this.#time = time;
  }

  /** Timers not yet due: zero when everything has been cleaned up. */
  get pending(): number {
    return this.#timers.size;
  }

  now(): number {
    return this.#time;
  }

  monotonic(): number {
    return this.#time;
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { at: this.#time + Math.max(0, ms), callback };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  /** Runs everything due within `ms`, in order; promises settle between two timers, as in the real event loop. */
  async advance(ms: number): Promise<void> {
    const end = this.#time + ms;
    await settled();
    for (let next = this.#next(end); next !== undefined; next = this.#next(end)) {
      this.#timers.delete(next);
      this.#time = next.at;
      next.callback();
      await settled();
    }
    this.#time = end;
  }

  /** The earliest timer not after `end`; of two at the same instant, the one set first. */
  #next(end: number): Timer | undefined {
    let earliest: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.at <= end && (earliest === undefined || timer.at < earliest.at)) earliest = timer;
    }
    return earliest;
  }
}

/** Resolves when every microtask queued by now, and those that they queued, have run. */
function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
