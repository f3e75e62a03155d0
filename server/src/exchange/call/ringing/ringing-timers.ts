import type { Clock } from '../../ports.ts';
import type { RingingPhones } from '../machines/visible.ts';

/** How long the phones that rang have to reconnect once all of them are disconnected (milliseconds). Reloading a page takes 3 s. */
const RELOAD_MS = 6_000;

export interface RingingTimes {
  readonly clock: Clock;
  /** How long phones ring before the call counts as not answered (milliseconds). */
  readonly noAnswerMs: number;
}

/** The timers of phones that ring: each of the two ends in `expired`. */
export class RingingTimers {
  readonly #times: RingingTimes;
  readonly #expired: () => void;
  #stopNoAnswer: (() => void) | null = null;
  #stopAwaiting: (() => void) | null = null;

  constructor(times: RingingTimes, expired: () => void) {
    this.#times = times;
    this.#expired = expired;
  }

  /** `ms`: how long they ring (milliseconds). */
  start(ms = this.#times.noAnswerMs): void {
    this.#stopNoAnswer = this.#times.clock.after(ms, this.#expired);
  }

  stop(): void {
    this.#stopNoAnswer?.();
    this.#stopNoAnswer = null;
    this.watch(null);
  }

  /** Once every ringing phone is disconnected, the caller does not have to wait out the full ringing time. */
  watch(ringing: RingingPhones | null): void {
    if (ringing?.branches.length !== 0) {
      this.#stopAwaiting?.();
      this.#stopAwaiting = null;
    } else {
      this.#stopAwaiting ??= this.#times.clock.after(RELOAD_MS, this.#expired);
    }
  }
}
