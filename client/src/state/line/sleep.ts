import { SILENCE_MS } from '../../phone/calls/ring-policy.ts';
import type { World } from '../../world/world.ts';

export interface SleepListener {
  /** The browser is about to stop this page: the last chance to change what it shows. */
  onFrozen(): void;
  /** The page runs again: what it knew before is out of date. */
  onAwake(): void;
}

/**
 * Notices that the script of this page has not run for a while: it was frozen, or the computer slept, which no event
 * announces. A page in the background is not asleep: its timers are slow, but it hears the server every 5 s.
 */
export class Sleep {
  readonly #world: Pick<World, 'now'>;
  readonly #listener: SleepListener;
  #ranAt: number;

  constructor(world: Pick<World, 'now'>, listener: SleepListener) {
    this.#world = world;
    this.#listener = listener;
    this.#ranAt = world.now();
    document.addEventListener('freeze', this.#onFreeze);
    document.addEventListener('resume', this.#onAwake);
    document.addEventListener('visibilitychange', this.ran);
    window.addEventListener('focus', this.ran);
  }

  /** The script runs, because of a timer, a message or the person. `true` where it has slept, which is reported first. */
  readonly ran = (): boolean => {
    const now = this.#world.now();
    const hasSlept = now - this.#ranAt >= SILENCE_MS;
    this.#ranAt = now;
    if (hasSlept) this.#listener.onAwake();
    return hasSlept;
  };

  close(): void {
    document.removeEventListener('freeze', this.#onFreeze);
    document.removeEventListener('resume', this.#onAwake);
    document.removeEventListener('visibilitychange', this.ran);
    window.removeEventListener('focus', this.ran);
  }

  readonly #onFreeze = (): void => this.#listener.onFrozen();

  readonly #onAwake = (): void => {
    this.#ranAt = this.#world.now();
    this.#listener.onAwake();
  };
}
