import { OctetPool, type OctetRing } from '../../collections/octet-ring.ts';

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

/**
 * Bounds what all organizations of a process keep of SIP messages. Once there is no more room, whichever organization has the most gives up its oldest: an
 * equal share is out of the others' reach.
 */
export class LadderShelf {
  readonly #pool: OctetPool;
  readonly #boards: LadderBoard[] = [];
  #legs = 0;

  constructor(octets = MOST_OCTETS) {
    this.#pool = new OctetPool(octets);
  }

  /** That of one more organization. */
  board(): LadderBoard {
    const board = new LadderBoard(this.#pool.ring(), (asking, legs) => this.#changed(asking, legs));
    this.#boards.push(board);
    return board;
  }

  /** Octets that it has taken from the system. */
  get size(): number {
    return this.#pool.size;
  }

  #changed(asking: LadderBoard, legs: 1 | -1): void {
    this.#legs += legs;
    if (this.#legs <= MOST_LEGS) return;
    let fullest = asking;
    for (const board of this.#boards) if (board.size > fullest.size) fullest = board;
    fullest.dropFirst();
  }
}

/** What one organization has on the shelf. */
export class LadderBoard {
  readonly frames: OctetRing;
  readonly #changed: (board: LadderBoard, legs: 1 | -1) => void;
  /** In the order in which they began, from `#first` on: what is before it is gone. */
  #legs: (Shelved | undefined)[] = [];
  #first = 0;

  constructor(frames: OctetRing, changed: (board: LadderBoard, legs: 1 | -1) => void) {
    this.frames = frames;
    this.#changed = changed;
  }

  /** Legs that it has. */
  get size(): number {
    return this.#legs.length - this.#first;
  }

  /** Hot path. `now`: milliseconds since 1970. */
  put(leg: Shelved, now: number): void {
    this.#legs.push(leg);
    this.#changed(this, 1);
    for (;;) {
      const first = this.#legs[this.#first];
      if (first === leg || first === undefined || now - first.lastAt <= KEPT_MS) return;
      this.dropFirst();
    }
  }

  dropFirst(): void {
    this.#legs[this.#first]?.dropped();
    this.#legs[this.#first++] = undefined;
    // Not each time: that would move all the others.
    if (this.#first * 2 > this.#legs.length) {
      this.#legs = this.#legs.slice(this.#first);
      this.#first = 0;
    }
    this.#changed(this, -1);
  }
}
