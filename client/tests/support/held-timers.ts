import type { Page } from '@playwright/test';

/** What a page waits for so long, in a page that is opened from now on: it happens when the test says so, and all else goes on at its pace. */
export class HeldTimers {
  readonly #page: Page;

  private constructor(page: Page) {
    this.#page = page;
  }

  /** Those of `least` to `most` milliseconds. */
  static async of(page: Page, least: number, most = least): Promise<HeldTimers> {
    await page.addInitScript(hold, [least, most] as const);
    return new HeldTimers(page);
  }

  /** What is waited for now happens, as if it were so late: for nothing else has that time passed. */
  async ripen(): Promise<void> {
    await this.#page.evaluate(() => window.perchTimers?.ripen());
  }

  /** The clock of the computer is set to so much later, or earlier (milliseconds). */
  async setClock(by: number): Promise<void> {
    await this.#page.evaluate((ms) => window.perchTimers?.setClock(ms), by);
  }
}

declare global {
  interface Window {
    perchTimers?: { readonly ripen: () => void; readonly setClock: (by: number) => void };
  }
}

/** For a page in which it runs before all else. */
function hold([least, most]: readonly [number, number]): void {
  const [start, stop, now] = [setTimeout, clearTimeout, Date.now];
  const held = new Map<unknown, { readonly callback: () => void; readonly at: number }>();
  let setBy = 0;
  let later = 0;
  Date.now = () => now() + setBy + later;
  window.setTimeout = ((callback: () => void, delay = 0, ...given: unknown[]) => {
    if (delay < least || delay > most) return start(callback, delay, ...given);
    const timer = start(() => undefined, delay);
    held.set(timer, { callback, at: now() + delay });
    return timer;
  }) as typeof setTimeout;
  window.clearTimeout = ((timer: number | undefined) => {
    held.delete(timer);
    stop(timer);
  }) as typeof clearTimeout;
  window.perchTimers = {
    ripen: () => {
      const ripe = [...held.values()];
      held.clear();
      for (const { callback, at } of ripe) {
        later = Math.max(0, at - now());
        callback();
      }
      later = 0;
    },
    setClock: (by) => (setBy += by),
  };
}
