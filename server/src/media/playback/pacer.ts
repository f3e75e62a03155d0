import { FRAME_MS } from '../codec/codec.ts';
import type { MediaClock } from '../clock.ts';

/** A process that stood still for longer than this leaves the missed frames out, rather than sending them in a burst. */
const LONGEST_BURST = 10;

type Subscriber = (frame: number) => void;

/**
 * One 20 ms timer for every endpoint that plays. It is held to the clock, not to the last tick: a late tick is made up
 * for by the next, so that sound never drifts. Frames are numbered from the pacer's creation, in silence too.
 */
export class Pacer {
  readonly #clock: MediaClock;
  readonly #onFailure: (error: unknown) => void;
  readonly #origin: number;
  readonly #subscribers = new Set<Subscriber>();
  #done = 0;
  #cancel: (() => void) | undefined;

  /** `onFailure` hears what a subscriber threw; the others are served all the same. */
  constructor(clock: MediaClock, onFailure: (error: unknown) => void) {
    this.#clock = clock;
    this.#onFailure = onFailure;
    this.#origin = clock.monotonic();
  }

  /** The number of the current frame. */
  get frame(): number {
    return Math.floor((this.#clock.monotonic() - this.#origin) / FRAME_MS);
  }

  /** Calls `subscriber` once for each frame from the next one on, until the returned function is called. */
  subscribe(subscriber: Subscriber): () => void {
    this.#subscribers.add(subscriber);
    if (!this.#cancel) {
      this.#done = this.frame;
      this.#arm();
    }
    return () => {
      this.#subscribers.delete(subscriber);
      if (this.#subscribers.size > 0) return;
      this.#cancel?.();
      this.#cancel = undefined;
    };
  }

  #arm(): void {
    this.#cancel?.();
    const next = this.#origin + (this.#done + 1) * FRAME_MS;
    this.#cancel = this.#clock.after(Math.max(0, next - this.#clock.monotonic()), () => this.#tick());
  }

  #tick(): void {
    const due = this.frame;
    this.#done = Math.max(this.#done, due - LONGEST_BURST);
    while (this.#done < due) {
      this.#done++;
      for (const subscriber of this.#subscribers) {
        try {
          subscriber(this.#done);
        } catch (error) {
          this.#onFailure(error);
        }
      }
    }
    if (this.#subscribers.size > 0) this.#arm();
  }
}
