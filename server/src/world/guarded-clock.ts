import type { Clock } from './clock.ts';

/** The same clock, whose callbacks cannot end the process: what they throw is reported. */
export const guardedClock = (clock: Clock, failed: (error: unknown) => void): Clock => ({
  now: () => clock.now(),
  monotonic: () => clock.monotonic(),
  after: (ms, callback) =>
    clock.after(ms, () => {
      try {
        callback();
      } catch (error) {
        failed(error);
      }
    }),
});
