/** The time, in whole seconds of this browser's clock; one timer for everything that counts on the page. */
export class Clock {
  /** Milliseconds since 1970-01-01 UTC. */
  now = $state(Date.now());
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    this.#tick();
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  readonly #tick = (): void => {
    this.now = Date.now();
    this.#timer = setTimeout(this.#tick, 1_000 - (this.now % 1_000));
  };
}
