/** The two ways in which a phone may report a key: INFO (RFC 6086) and telephone-events (RFC 4733). */
export type DigitWay = 'info' | 'telephone-event';

/** How far apart the two reports of one press may come (milliseconds). */
const ECHO_WINDOW_MS = 500;

interface Report {
  readonly digit: string;
  readonly way: DigitWay;
  readonly at: number;
}

/**
 * Counts the presses of a phone that may report each by INFO, by telephone-event, or both. A report that follows one
 * of the same key by the other way is its echo; two by the same way are always two presses.
 */
export class KeyPresses {
  /** The reports counted that may still get an echo, oldest first. */
  #unpaired: readonly Report[] = [];

  /** Is this a press, not the echo of one? `now` in milliseconds. */
  counts(digit: string, way: DigitWay, now: number): boolean {
    const recent = this.#unpaired.filter((report) => now - report.at <= ECHO_WINDOW_MS);
    const original = recent.find((report) => report.digit === digit && report.way !== way);
    this.#unpaired = original
      ? recent.filter((report) => report !== original)
      : [...recent, { digit, way, at: now }];
    return original === undefined;
  }
}
