import type { Page } from '@playwright/test';

/** What a page has of the system around it, which shows none of it to a test. */
interface KeptSystem {
  readonly locks: WakeLockSentinel[];
  readonly keys: Map<string, () => void>;
}
declare global {
  interface Window {
    perchSystem?: KeptSystem;
  }
}

/** The locks of the screen and the keys of headsets of a page that is opened from now on: what is asked of the browser is done, and noted. */
export class SystemAround {
  readonly #page: Page;

  private constructor(page: Page) {
    this.#page = page;
  }

  /** A browser without windows lets nobody keep a screen on, unless it is told to. */
  static async of(page: Page, origin: string): Promise<SystemAround> {
    const devTools = await page.context().newCDPSession(page);
    const { targetInfo } = await devTools.send('Target.getTargetInfo');
    const { browserContextId = '' } = targetInfo;
    await devTools.send('Browser.setPermission', {
      permission: { name: 'screen-wake-lock' },
      setting: 'granted',
      origin,
      browserContextId,
    });
    await page.addInitScript(note);
    return new SystemAround(page);
  }

  /** How many locks keep the screen on. */
  locks(): Promise<number> {
    return this.#page.evaluate(
      () => window.perchSystem?.locks.filter(({ released }) => !released).length ?? 0,
    );
  }

  /** The browser takes every lock back, as it does when the page can no longer be seen. */
  async takeLocks(): Promise<void> {
    await this.#page.evaluate(() =>
      Promise.all(window.perchSystem?.locks.map((lock) => lock.release()) ?? []),
    );
  }

  /** A key of a headset, or of what the system shows of the call. It does nothing where the page does not listen to it. */
  async press(key: 'hangup' | 'togglemicrophone'): Promise<void> {
    await this.#page.evaluate((pressed) => window.perchSystem?.keys.get(pressed)?.(), key);
  }

  /** The keys to which the page listens, and what the system shows beside them. */
  shown(): Promise<{
    readonly keys: readonly string[];
    readonly title: string | null;
    readonly state: string;
  }> {
    return this.#page.evaluate(() => {
      const { metadata, playbackState } = navigator.mediaSession;
      const keys = [...(window.perchSystem?.keys.keys() ?? [])].sort();
      return { keys, title: metadata?.title ?? null, state: playbackState };
    });
  }
}

/** For a page in which it runs before all else. */
function note(): void {
  const [locks, keys]: [WakeLockSentinel[], Map<string, () => void>] = [[], new Map()];
  window.perchSystem = { locks, keys };
  const { wakeLock, mediaSession } = navigator;
  const request = wakeLock.request.bind(wakeLock);
  wakeLock.request = async (type) => {
    const lock = await request(type);
    locks.push(lock);
    return lock;
  };
  const handle = mediaSession.setActionHandler.bind(mediaSession);
  mediaSession.setActionHandler = (action, handler) => {
    handle(action, handler);
    if (handler === null) keys.delete(action);
    else keys.set(action, () => handler({ action }));
  };
}
