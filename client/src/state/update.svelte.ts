import { registerSW } from 'virtual:pwa-register';

const CHECK_MS = 60 * 60_000;

/** Brings a new version of the page in when nobody would notice. */
export class Update {
  ready = $state(false);
  #apply: ((reload?: boolean) => Promise<void>) | undefined;

  /** The service worker fetches every file of the page: not while the page itself still has something to load. */
  start(): void {
    this.#apply ??= registerSW({
      immediate: true,
      onNeedRefresh: () => (this.ready = true),
      onRegisteredSW: (_url, registration) => {
        setInterval(() => void registration?.update().catch(() => undefined), CHECK_MS);
      },
    });
  }

  apply(): void {
    void this.#apply?.(true);
  }
}
