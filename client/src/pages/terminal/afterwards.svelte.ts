import { after } from '../../world/timers.ts';

/** A phone that does not become ready needs a new version all the more (milliseconds). */
const LATEST_MS = 15_000;

/** Runs something once when the phone is ready and the browser has nothing else to do, or after `LATEST_MS`. */
export function afterwards(isReady: () => boolean, run: () => void): void {
  let begun = false;
  $effect(() => after(LATEST_MS, begin));
  $effect(() => {
    if (isReady()) begin();
  });

  function begin(): void {
    if (begun) return;
    begun = true;
    // Safari has no idle callbacks.
    if ('requestIdleCallback' in window) requestIdleCallback(run, { timeout: LATEST_MS });
    else after(0, run);
  }
}
