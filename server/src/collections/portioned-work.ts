/**
 * How long the pieces of one turn of the event loop may take together (milliseconds). At least one is done. A call passes several turns until both sides
 * are up, so that it waits for this and for what pieces leave to promises several times.
 */
const TURN_MS = 0.25;
/** And how many they may be: most of one is done by promises that follow, or in the next tick, where nobody counts the time. */
const MOST_PIECES = 1;
/** As many pieces that are done when they return are one of those. */
const BRIEF = 1 / 4;
/** A turn in which all else took longer than this has no pieces: what has come meanwhile, such as the next message of a call, is before them (milliseconds). */
const BUSY_MS = 0.25;
/** But the next one is put off for no longer than this (milliseconds). */
const LONGEST_PUT_OFF_MS = 4;
/** How long all else comes first once it has been asked for (milliseconds): until both sides of an ordinary call are up. */
const FIRST_MS = 50;
/**
 * For how many times as long as a turn with pieces has taken there are none meanwhile: with fewer of them there is less garbage, whose collection holds up
 * everybody. What they have left to promises and to the sockets is in it, which is most of it.
 */
const RESTS = 2;

/**
 * One piece of a longer work. Returns whether there is more, or `undefined` where there was nothing left to do, as for somebody who has gone: that takes
 * nobody's turn. One that throws has no more.
 */
export type Piece = () => boolean | undefined;

interface Waiting {
  readonly piece: Piece;
  /** Its part of the most that there may be in a turn. */
  readonly share: number;
}

/**
 * Work that can wait, such as what a flood leaves: it has a small part of each turn of the event loop, so that all else, which comes from
 * the sockets between two turns, waits for a piece or two of it and never for all. Those who wait have their pieces in turn.
 */
export class PortionedWork {
  readonly #now: () => number;
  readonly #failed: (error: unknown) => void;
  /** Those who wait, from `#next` on. */
  #waiting: Waiting[] = [];
  #next = 0;
  /** When the last turn was over, and when the last piece was; at first, when those who wait began to. */
  #since = 0;
  #worked = 0;
  /** Until when all else comes first. */
  #firstUntil = 0;
  /** When the last turn began, if it had pieces: the next one knows how long it has taken. */
  #turnBegan: number | undefined;
  #restsUntil = 0;
  #isTurnDue = false;
  /** What is done before the pieces of each turn. */
  readonly #first: (() => void)[] = [];

  /** @param now milliseconds, monotonic. @param failed is told of what a piece throws. */
  constructor(now: () => number, failed: (error: unknown) => void) {
    this.#now = now;
    this.#failed = failed;
  }

  /** From now on, all else comes first for a moment: somebody waits for it. */
  giveWay(): void {
    this.#firstUntil = this.#now() + FIRST_MS;
  }

  /** Its first piece is done in the next turn at the earliest. */
  add(piece: Piece): void {
    this.#add({ piece, share: 1 });
  }

  /** The same for a piece that is done when it returns. */
  addBrief(piece: Piece): void {
    this.#add({ piece, share: BRIEF });
  }

  /** From now on this is done at the beginning of each turn, such as sending what all else has to say: it would be behind the pieces otherwise. */
  doFirst(what: () => void): void {
    this.#first.push(what);
  }

  #add(waiting: Waiting): void {
    const isFirst = this.#waiting.push(waiting) === 1;
    if (isFirst) this.#worked = this.#now();
    if (this.#isTurnDue) return;
    this.#since = this.#now();
    this.#await();
  }

  #await(): void {
    this.#isTurnDue = true;
    setImmediate(this.#turn);
  }

  readonly #turn = (): void => {
    const began = this.#now();
    this.#isTurnDue = false;
    for (const what of this.#first) this.#guarded(what);
    if (this.#turnBegan !== undefined && began < this.#firstUntil) {
      this.#restsUntil = began + RESTS * (began - this.#turnBegan);
      this.#worked = began;
    }
    this.#turnBegan = undefined;
    // A clock that only somebody else moves must not be waited for.
    const hasRested = began >= this.#restsUntil || began === this.#since;
    const isFree = began - this.#since <= BUSY_MS && hasRested;
    if (this.#waiting.length > 0 && (isFree || began - this.#worked >= LONGEST_PUT_OFF_MS)) {
      this.#turnBegan = began;
      this.#work();
    }
    this.#since = this.#now();
    const isMeasured = this.#turnBegan !== undefined && this.#since < this.#firstUntil;
    if (this.#waiting.length > 0 || isMeasured) this.#await();
  };

  #work(): void {
    const until = this.#now() + TURN_MS;
    // Those who come meanwhile, or have more to do, are at the end.
    const end = this.#waiting.length;
    for (let done = 0; done < MOST_PIECES && this.#next < end;) {
      const waiting = this.#waiting[this.#next++];
      if (waiting === undefined) break;
      const hasMore = this.#guarded(waiting.piece);
      if (hasMore === true) this.#waiting.push(waiting);
      const now = this.#now();
      if (hasMore !== undefined) {
        done += waiting.share;
        this.#worked = now;
      }
      if (now >= until) break;
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
  }

  /** The others go on, whatever goes wrong in one. */
  #guarded<Result>(what: () => Result): Result | false {
    try {
      return what();
    } catch (error) {
      this.#failed(error);
      return false;
    }
  }
}
