/** How long the pieces of one turn of the event loop may take together (milliseconds). At least one is done. */
const TURN_MS = 1;
/** And how many they may be: of some, most is done by promises that follow. */
const MOST_PIECES = 4;

/** One piece of a longer work. Returns whether there is more. One that throws has none. */
export type Piece = () => boolean;

/**
 * Work that can wait, such as what a flood leaves: it has a small part of each turn of the event loop, so that all else, which comes from
 * the sockets between two turns, waits for a piece or two of it and never for all. Those who wait have their pieces in turn.
 */
export class PortionedWork {
  readonly #now: () => number;
  readonly #failed: (error: unknown) => void;
  /** Those who wait, from `#next` on. */
  #waiting: Piece[] = [];
  #next = 0;

  /** @param now milliseconds, monotonic. @param failed is told of what a piece throws. */
  constructor(now: () => number, failed: (error: unknown) => void) {
    this.#now = now;
    this.#failed = failed;
  }

  /** Its first piece is done in the next turn at the earliest. */
  add(piece: Piece): void {
    if (this.#waiting.push(piece) === 1) setImmediate(this.#turn);
  }

  readonly #turn = (): void => {
    const until = this.#now() + TURN_MS;
    // Those who come meanwhile, or have more to do, are at the end.
    for (let left = Math.min(MOST_PIECES, this.#waiting.length - this.#next); left > 0; left--) {
      const piece = this.#waiting[this.#next++];
      if (piece !== undefined && this.#hasMore(piece)) this.#waiting.push(piece);
      if (this.#now() >= until) break;
    }
    if (this.#next === this.#waiting.length) {
      this.#waiting = [];
      this.#next = 0;
      return;
    }
    // What is done is let go now and then, and not at each turn: there may be thousands who wait.
    if (this.#next * 2 > this.#waiting.length) {
      this.#waiting.splice(0, this.#next);
      this.#next = 0;
    }
    setImmediate(this.#turn);
  };

  /** The others go on, whatever goes wrong in one. */
  #hasMore(piece: Piece): boolean {
    try {
      return piece();
    } catch (error) {
      this.#failed(error);
      return false;
    }
  }
}
