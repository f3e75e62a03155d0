import type { Clock } from './clock.ts';

/** Calls back each time `ms` have passed; the result ends it. */
export function every(clock: Clock, ms: number, callback: () => void): () => void {
  let cancel = clock.after(ms, function tick() {
    cancel = clock.after(ms, tick);
    callback();
  });
  return () => cancel();
}
