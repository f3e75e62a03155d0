interface Held {
  readonly timestamp: number;
  readonly units: number;
  readonly payload: Uint8Array;
}

/** What is to be heard next: a packet, or what is missing, as timestamp units that are to be concealed; `undefined` is silence. */
export type Taken = Uint8Array | number | undefined;

/** So much must have come before sound begins, in milliseconds: two packets of the usual length. */
const DEPTH_MS = 40;
/** More than this is never kept waiting: what comes in a burst after a stall is skipped. */
const MOST_MS = 200;
/** After so much without a packet the source is silent rather than late: sound begins anew with the next one. */
const PATIENCE_MS = 100;
/** A packet this far from the others belongs to another time line: its source began anew. */
const ANOTHER_TIME_MS = 5000;
/** As long as this something more than needed waited all the time, some of it can be left out. */
const WINDOW_MS = 2000;

/**
 * Puts packets of one source in order and evens out how they come. It begins with 40 ms; a source that is late once is waited
 * for, so that the delay grows to what its jitter needs. PURE: taking is what time passes by.
 */
export class JitterBuffer {
  readonly #unitsPerMs: number;
  readonly #durationOf: (payload: Uint8Array) => number;
  /** By their timestamps, from `#next` on. */
  readonly #held: Held[] = [];
  /** The timestamp that is heard next, while the source is heard. */
  #next = 0;
  #state: 'filling' | 'playing' = 'filling';
  #lastUnits: number;
  /** Timestamp units since a packet came in time. */
  #starved = 0;
  /** The least that waited in the present window so far, and in the one before. */
  readonly #window = { units: 0, least: Infinity, before: 0 };

  /** `clock` is RTP's, in units a second; `durationOf` a payload is in those units. */
  constructor(clock: number, durationOf: (payload: Uint8Array) => number) {
    this.#unitsPerMs = clock / 1000;
    this.#durationOf = durationOf;
    this.#lastUnits = 20 * this.#unitsPerMs;
  }

  /** The milliseconds that wait to be heard. */
  get waitingMs(): number {
    return this.#waiting / this.#unitsPerMs;
  }

  add(timestamp: number, payload: Uint8Array): void {
    const units = this.#durationOf(payload);
    if (units <= 0) return;
    const last = this.#held.at(-1);
    const reference = this.#state === 'playing' ? this.#next : last?.timestamp;
    if (reference !== undefined && Math.abs(distance(timestamp, reference)) > this.#ms(ANOTHER_TIME_MS))
      this.#restart();
    if (this.#state === 'playing' && distance(timestamp, this.#next) < 0) return; // too late
    const at = this.#held.findLastIndex((held) => distance(timestamp, held.timestamp) >= 0);
    if (this.#held[at]?.timestamp === timestamp) return; // sent twice
    this.#held.splice(at + 1, 0, { timestamp, units, payload });
    if (this.#waiting > this.#ms(MOST_MS)) while (this.#waiting > this.#ms(MOST_MS / 2)) this.#skip();
  }

  take(): Taken {
    if (this.#state === 'filling') {
      const [first] = this.#held;
      if (!first || this.#waiting < this.#ms(DEPTH_MS)) return undefined;
      this.#state = 'playing';
      this.#next = first.timestamp;
      this.#starved = 0;
    }
    const [first] = this.#held;
    if (!first) return this.#starve();
    this.#starved = 0;
    const gap = distance(first.timestamp, this.#next);
    if (gap > 0) {
      const missing = Math.min(gap, this.#lastUnits);
      this.#next = gap <= this.#ms(MOST_MS) ? (this.#next + missing) >>> 0 : first.timestamp;
      return missing;
    }
    this.#held.shift();
    this.#next = (first.timestamp + first.units) >>> 0;
    this.#lastUnits = first.units;
    this.#observe(first.units);
    return first.payload;
  }

  /**
   * Leaves out the next packet where more waits than has been needed for two seconds, and says so: for the moments in which nobody
   * would notice. Makes up for a clock that runs faster than ours, too.
   */
  shorten(): boolean {
    const [first] = this.#held;
    if (!first || this.#window.before < first.units + this.#lastUnits) return false;
    this.#skip();
    this.#window.before = 0;
    return true;
  }

  /** Nothing is there: it may come yet. */
  #starve(): Taken {
    this.#starved += this.#lastUnits;
    if (this.#starved > this.#ms(PATIENCE_MS)) this.#restart();
    return this.#lastUnits;
  }

  #observe(units: number): void {
    const window = this.#window;
    window.units += units;
    window.least = Math.min(window.least, this.#waiting);
    if (window.units < this.#ms(WINDOW_MS)) return;
    window.before = window.least;
    window.units = 0;
    window.least = Infinity;
  }

  #skip(): void {
    const skipped = this.#held.shift();
    const [first] = this.#held;
    if (this.#state === 'playing' && skipped)
      this.#next = first?.timestamp ?? (skipped.timestamp + skipped.units) >>> 0;
  }

  #restart(): void {
    this.#held.length = 0;
    this.#state = 'filling';
    Object.assign(this.#window, { units: 0, least: Infinity, before: 0 });
  }

  get #waiting(): number {
    const first = this.#state === 'playing' ? this.#next : this.#held[0]?.timestamp;
    const last = this.#held.at(-1);
    return first === undefined || !last ? 0 : distance(last.timestamp, first) + last.units;
  }

  #ms(ms: number): number {
    return ms * this.#unitsPerMs;
  }
}

/** Timestamps wrap (RFC 3550 §5.1). */
const distance = (one: number, other: number): number => (one - other) | 0;
