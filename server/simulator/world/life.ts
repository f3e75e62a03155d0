import type { Clock } from '../../src/world/clock.ts';
import { settled, type SimulatedClock } from './simulated-clock.ts';

/** What could be the last thing that a process does: the world outside sees no more of it than what came before. */
export type Deed = 'timer' | 'send' | 'write' | 'written';

/**
 * The life of one server process. Wherever something of it reaches the world, or the world reaches it, is a point at which it may be killed; code
 * that runs on after that, as none can be stopped, changes nothing any more.
 */
export class Life {
  readonly clock: Clock;
  #isOver = false;
  /** How many more deeds there are before it is killed; `undefined`: it is not. */
  #left: number | undefined;
  #timers = 0;
  readonly #killed: (deed: Deed | 'outright') => void;

  constructor(clock: SimulatedClock, killed: (deed: Deed | 'outright') => void) {
    this.#killed = killed;
    this.clock = {
      now: () => clock.now(),
      monotonic: () => clock.monotonic(),
      after: (ms, callback) => this.#after(clock, ms, callback),
    };
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Timers of this process that are to come. */
  get timers(): number {
    return this.#timers;
  }

  /** It is killed after so many more deeds, in the middle of whatever it does then. */
  killAfter(deeds: number): void {
    this.#left = deeds;
  }

  kill(at: Deed | 'outright' = 'outright'): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#killed(at);
  }

  /** Does this deed still happen? */
  does(deed: Deed): boolean {
    if (this.#isOver) return false;
    if (this.#left === undefined) return true;
    this.#left -= 1;
    if (this.#left > 0) return true;
    this.kill(deed);
    return false;
  }

  #after(clock: SimulatedClock, ms: number, callback: () => void): () => void {
    if (this.#isOver) return () => undefined;
    this.#timers += 1;
    let isDue = true;
    // As Node's timers: whole milliseconds, and at least one.
    const cancel = clock.after(Math.max(1, Math.trunc(ms)), () => {
      isDue = false;
      this.#timers -= 1;
      if (this.does('timer')) callback();
    });
    return () => {
      if (!isDue) return;
      isDue = false;
      this.#timers -= 1;
      cancel();
    };
  }
}

/**
 * Runs what is due until `end` (milliseconds on the monotonic clock); `after` is called when each has had all its consequences, and says whether
 * that is enough.
 */
export async function runUntil(clock: SimulatedClock, end: number, after: () => boolean): Promise<void> {
  await settled();
  while (!after() && clock.step(end)) await settled();
}
