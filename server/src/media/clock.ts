/** Time as the media code needs it; a subset of the exchange's clock. Timers never keep the process alive. */
export interface MediaClock {
  /** Milliseconds on a clock that never jumps. */
  monotonic(): number;
  /** Calls back once, `ms` later; the result cancels. */
  after(ms: number, callback: () => void): () => void;
}
