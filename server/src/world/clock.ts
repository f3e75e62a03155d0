/** Time as an argument: the system's in the product, a `VirtualClock` in tests. Timers never keep the process alive. */
export interface Clock {
  /** Milliseconds since 1970-01-01 UTC. */
  now(): number;
  /** Milliseconds on a clock that never jumps: for intervals. */
  monotonic(): number;
  /** Calls back once, `ms` later; the result cancels, also after the fact. */
  after(ms: number, callback: () => void): () => void;
}
