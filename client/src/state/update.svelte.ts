import type { Workbox } from 'workbox-window';

const CHECK_MS = 60 * 60_000;

/** Brings a new version of the page in when nobody would notice. */
export class Update {
  ready = $state(false);
  #worker: Workbox | undefined;

  /** The service worker fetches every file of the page: not while the page itself still has something to load. */
  async start(): Promise<void> {
    // While developing there is none.
    if (this.#worker || import.meta.env.DEV || !('serviceWorker' in navigator)) return;
    const { Workbox } = await import('workbox-window');
    const worker = new Workbox('/sw.js');
    this.#worker = worker;
    worker.addEventListener('waiting', () => (this.ready = true));
    worker.addEventListener('controlling', ({ isUpdate }) => {
      if (isUpdate) location.reload();
    });
    const registration = await worker.register({ immediate: true }).catch(() => undefined);
    setInterval(() => void registration?.update().catch(() => undefined), CHECK_MS);
  }

  apply(): void {
    this.#worker?.messageSkipWaiting();
  }
}
