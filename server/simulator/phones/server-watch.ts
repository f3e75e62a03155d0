import type { PageEvent } from '@perch/shared';
import type { SimulatedClock } from '../world/simulated-clock.ts';

/**
 * As in a page (`SILENCE_MS` in client/src/phone/calls/ring-policy.ts): the server says something every 5 s, and a line is given up where it has been
 * silent, or has said that the phone is not registered, for so long (milliseconds).
 */
const SILENCE_MS = 12_000;

interface Watched {
  readonly clock: SimulatedClock;
  /** The script of the phone does not run, and notices nothing. */
  readonly isAsleep: () => boolean;
  /** The line has died, and nobody has said so. */
  readonly doubt: () => void;
}

/** While a phone is registered: does the server still say so? */
export class ServerWatch {
  readonly #watched: Watched;
  #heardAt = 0;
  #unregisteredSince = Infinity;
  #stop: () => void = () => undefined;

  constructor(watched: Watched) {
    this.#watched = watched;
  }

  /** The phone has registered. */
  begin(): void {
    this.#heardAt = this.#watched.clock.monotonic();
    this.#unregisteredSince = Infinity;
    this.#lookAfter(SILENCE_MS);
  }

  /** It has no line any more. */
  end(): void {
    this.#stop();
  }

  told(event: PageEvent): void {
    this.#heardAt = this.#watched.clock.monotonic();
    if (event.kind !== 'pulse') return;
    this.#unregisteredSince = event.registered ? Infinity : Math.min(this.#unregisteredSince, this.#heardAt);
  }

  #lookAfter(ms: number): void {
    this.#stop();
    this.#stop = this.#watched.clock.after(ms, () => this.#look());
  }

  #look(): void {
    const { clock, isAsleep, doubt } = this.#watched;
    const left = Math.min(this.#heardAt, this.#unregisteredSince) + SILENCE_MS - clock.monotonic();
    if (left >= 1) this.#lookAfter(left);
    else if (isAsleep()) this.#lookAfter(SILENCE_MS);
    else doubt();
  }
}
