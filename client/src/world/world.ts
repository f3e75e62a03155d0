/** Time and chance as arguments: the browser's in the product, the test's in tests. */
export interface World {
  /** Milliseconds since 1970-01-01 UTC, by this browser's clock. */
  readonly now: () => number;
  /** Evenly spread from 0 up to, not including, 1: for back-off. */
  readonly fraction: () => number;
}

/** This browser's own. Only this folder asks for them; all other code is given them. */
export const browserWorld: World = {
  now: () => Date.now(),
  fraction: () => Math.random(),
};
