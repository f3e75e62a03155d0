import type { Dice } from './dice.ts';
import type { Life } from './life.ts';
import type { SimulatedClock } from './simulated-clock.ts';

/** The simulated disk has not taken what was written: no fault of the server. */
export class DiskFault extends Error {
  constructor() {
    super('the simulated disk takes nothing');
    this.name = 'DiskFault';
  }
}

/** Longer than a write that has failed waits for its next try. */
const LATELY_MS = 3_000;

interface Write {
  /** Puts it on the disk. */
  readonly land: () => unknown;
}

/** How long a write takes (milliseconds), mostly, and when the disk is slow. */
const FAST_MS = [0.05, 4] as const;
const SLOW_MS = [50, 900] as const;

/**
 * What survives the process. Writes land one after the other, each as a whole; those on their way when the process is killed land up to some point, or
 * not at all. The process learns of a write only after it has landed, and may be killed in between.
 */
export class Disk {
  /** `full`: there is no room for another sound, and nothing else is taken either. */
  condition: 'sound' | 'slow' | 'failing' | 'full' = 'sound';
  readonly #clock: SimulatedClock;
  readonly #dice: Dice;
  #underWay: Write[] = [];
  #lastAt = 0;
  #failedAt = -Infinity;

  constructor(clock: SimulatedClock, dice: Dice) {
    this.#clock = clock;
    this.#dice = dice;
  }

  /** Nothing that was written lately has failed. */
  get isReliable(): boolean {
    return this.#clock.monotonic() - this.#failedAt > LATELY_MS;
  }

  get isTaking(): boolean {
    return this.condition === 'sound' || this.condition === 'slow';
  }

  /** Resolves when it has landed; rejects with a `DiskFault` where it never will. */
  write<Result>(life: Life, land: () => Result | Promise<Result>): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      if (!life.does('write')) return;
      const write = { land };
      this.#underWay.push(write);
      const [least, most] = this.condition === 'slow' ? SLOW_MS : FAST_MS;
      const now = this.#clock.monotonic();
      this.#lastAt = Math.max(this.#lastAt, now + this.#dice.between(least, most));
      this.#clock.after(this.#lastAt - now, () => {
        if (life.isOver) return;
        this.#underWay = this.#underWay.filter((each) => each !== write);
        if (!this.isTaking) {
          this.#failedAt = this.#clock.monotonic();
          if (life.does('written')) reject(new DiskFault());
          return;
        }
        const landed = land();
        if (life.does('written')) resolve(landed);
      });
    });
  }

  /** The process was killed: the disk has taken some of what was on its way, in order. */
  cut(): void {
    const writes = this.#underWay;
    this.#underWay = [];
    if (!this.isTaking) return;
    const landing = this.#dice.below(writes.length + 1);
    for (const { land } of writes.slice(0, landing)) land();
  }

  /** Reads take their time, too: something else may happen before they are there. */
  async read<Result>(life: Life, look: () => Promise<Result>): Promise<Result> {
    await new Promise<void>((resolve) => void life.clock.after(this.#dice.between(...FAST_MS), resolve));
    return look();
  }
}
