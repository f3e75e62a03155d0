import type { Workbox } from 'workbox-window';
import { every } from '../../world/timers.ts';

const CHECK_MS = 60 * 60_000;

/** Loads a new version of the page when no one would notice. */
export class Update {
  /** What waits for its moment: the new version's service worker, or only the reload where another page has let that one in. */
  #stage: 'none' | 'worker-waits' | 'reload-waits' = $state('none');
  #worker: Workbox | undefined;
  readonly #reload: () => void;

  constructor(reload: () => void) {
    this.#reload = reload;
  }

  /** The service worker fetches every file of the page: not while the page itself still has something to load. */
  async start(): Promise<void> {
    // While developing there is none.
    if (this.#worker || import.meta.env.DEV || !('serviceWorker' in navigator)) return;
    const { Workbox } = await import('workbox-window');
    const worker = new Workbox('/sw.js');
    this.#worker = worker;
    worker.addEventListener('waiting', () => (this.#stage = 'worker-waits'));
    // The first one of this browser is of the page's own version. Each that follows takes control of every page at once, and a call may be on any of them.
    const known = await navigator.serviceWorker.getRegistration().catch(() => undefined);
    let isFirst = !known?.active;
    worker.addEventListener('controlling', () => {
      if (!isFirst) this.#stage = 'reload-waits';
      isFirst = false;
    });
    const registration = await worker.register({ immediate: true }).catch(() => undefined);
    every(CHECK_MS, () => void registration?.update().catch(() => undefined));
  }

  get ready(): boolean {
    return this.#stage !== 'none';
  }

  /** For an effect, which runs again when the next step is due. */
  apply(): void {
    if (this.#stage === 'worker-waits') this.#worker?.messageSkipWaiting();
    else if (this.#stage === 'reload-waits') this.#reload();
  }
}
