import { OctetRing } from '../../collections/octet-ring.ts';

/** What is kept at most of the messages of all organizations of this process, in octets, and in legs. */
const MOST_OCTETS = 32 * 1024 * 1024;
const MOST_LEGS = 5_000;
/** How long a leg is kept after its last message (milliseconds). */
export const KEPT_MS = 60 * 60_000;

/** A leg on the shelf. */
export interface Shelved {
  /** When its last message came or went (milliseconds since 1970). */
  readonly lastAt: number;
  /** Nothing of it is kept any more. */
  dropped(): void;
}

/** Bounds what all organizations of a process keep of SIP messages: each new one takes the place of the oldest, and so does each leg. */
export class LadderShelf {
  readonly frames: OctetRing;
  /** In the order in which they began, each in its place until another one needs it. */
  readonly #legs: (Shelved | undefined)[] = [];
  #begun = 0;
  /** The number of the first one that is there. */
  #first = 0;

  constructor(octets = MOST_OCTETS) {
    this.frames = new OctetRing(octets);
  }

  /** Hot path. `now`: milliseconds since 1970. */
  put(leg: Shelved, now: number): void {
    const place = this.#begun++ % MOST_LEGS;
    if (this.#begun - this.#first > MOST_LEGS) this.#dropFirst();
    this.#legs[place] = leg;
    for (;;) {
      const first = this.#legs[this.#first % MOST_LEGS];
      if (first === leg || (first !== undefined && now - first.lastAt <= KEPT_MS)) return;
      this.#dropFirst();
    }
  }

  #dropFirst(): void {
    const place = this.#first++ % MOST_LEGS;
    this.#legs[place]?.dropped();
    this.#legs[place] = undefined;
  }
}
