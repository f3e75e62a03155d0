import type { World } from '../../world/world.ts';

/** The time, in whole seconds of this browser's clock; one timer for everything that counts on the page. */
export class Clock {
  /** Milliseconds since 1970-01-01 UTC. */
  now: number;
  readonly #world: Pick<World, 'now'>;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(world: Pick<World, 'now'>) {
    this.#world = world;
    this.now = $state(world.now());
    this.#tick();
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  readonly #tick = (): void => {
    this.now = this.#world.now();
    this.#timer = setTimeout(this.#tick, 1_000 - (this.now % 1_000));
  };
}
