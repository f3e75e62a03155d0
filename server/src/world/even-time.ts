import type { Clock } from './clock.ts';

/**
 * The time of something that takes a while, such as a call: it begins by the wall clock, though not before `earliest`, and then runs evenly, wherever
 * the wall clock is set meanwhile. So its parts add up. Milliseconds since 1970.
 */
export function evenTime(clock: Clock, earliest = -Infinity): () => number {
  const zero = Math.max(clock.now(), earliest) - clock.monotonic();
  return () => Math.round(zero + clock.monotonic());
}
