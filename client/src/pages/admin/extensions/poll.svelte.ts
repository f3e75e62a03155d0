import { every } from '../../../world/timers.ts';

/** How often a live page asks again (milliseconds). */
const EVERY_MS = 3_000;

/** Asks now and again while the page is looked at; call it while a component is set up. */
export function poll(ask: () => Promise<void>): void {
  $effect(() => {
    void ask();
    return every(EVERY_MS, () => {
      if (!document.hidden) void ask();
    });
  });
}
