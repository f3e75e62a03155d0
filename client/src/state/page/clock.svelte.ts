import type { World } from '../../world/world.ts';
import { after, type Cancel } from '../../world/timers.ts';

/** The time, in whole seconds of this browser's clock; one timer for everything that counts on the page. */
export class Clock {
  /** Milliseconds since 1970-01-01 UTC. */
  now: number;
  readonly #world: Pick<World, 'now'>;
  #cancel: Cancel | undefined;

  constructor(world: Pick<World, 'now'>) {
    this.#world = world;
    this.now = $state(world.now());
    this.#tick();
  }

  close(): void {
    this.#cancel?.();
  }

  readonly #tick = (): void => {
    this.now = this.#world.now();
    this.#cancel = after(1_000 - (this.now % 1_000), this.#tick);
  };
}
