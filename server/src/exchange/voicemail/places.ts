import type { Clock } from '../ports.ts';

/** A place for one message, from the beginning of the caller's visit until the message is kept or discarded. */
export interface Place {
  /** Recording begins: the message grows. `full` is called when the mailbox has no more room for it, perhaps more than once. */
  begin(full: () => void): void;
  /** Harmless if called twice. */
  release(): void;
}

interface Held {
  /** When its recording began, by the monotonic clock; `undefined` before that. */
  since: number | undefined;
  full: () => void;
}

/**
 * The messages that are being left in one mailbox now. However many they are, they share the free room, so that together
 * they never exceed it.
 */
export class Places {
  readonly #clock: Clock;
  readonly #freeMs: () => number;
  readonly #held = new Set<Held>();
  #stopTimer: () => void = () => undefined;

  /** `freeMs`: the room not taken by kept messages (milliseconds). */
  constructor(clock: Clock, freeMs: () => number) {
    this.#clock = clock;
    this.#freeMs = freeMs;
  }

  get count(): number {
    return this.#held.size;
  }

  /** The room not taken by kept messages and those under way (milliseconds). */
  get roomMs(): number {
    const now = this.#clock.monotonic();
    let room = this.#freeMs();
    for (const { since } of this.#held) if (since !== undefined) room -= now - since;
    return room;
  }

  take(): Place {
    const held: Held = { since: undefined, full: () => undefined };
    this.#held.add(held);
    return {
      begin: (full) => {
        held.since = this.#clock.monotonic();
        held.full = full;
        this.review();
      },
      release: () => {
        if (this.#held.delete(held)) this.review();
      },
    };
  }

  /** The room has changed: ends the recordings where none is left, else looks again when they will have used it up. */
  review(): void {
    this.#stopTimer();
    const recording = [...this.#held].filter(({ since }) => since !== undefined);
    if (recording.length === 0) return;
    const room = this.roomMs;
    if (room <= 0) for (const { full } of recording) full();
    else
      this.#stopTimer = this.#clock.after(Math.ceil(room / recording.length), () => {
        this.review();
      });
  }
}
