type Listener = () => void;

/** Stands for Workbox's registration of the service worker. */
export class Workbox {
  static readonly registered: Workbox[] = [];
  readonly #listeners = new Map<string, Listener>();
  looks = 0;
  skippedWaiting = 0;

  addEventListener(name: 'waiting' | 'controlling', listener: Listener): void {
    this.#listeners.set(name, listener);
  }

  register(): Promise<{ update(): Promise<void> }> {
    Workbox.registered.push(this);
    const update = (): Promise<void> => {
      this.looks++;
      return Promise.reject(new TypeError('no network'));
    };
    return Promise.resolve({ update });
  }

  messageSkipWaiting(): void {
    this.skippedWaiting++;
  }

  /** Makes the browser report this event. */
  happen(name: 'waiting' | 'controlling'): void {
    this.#listeners.get(name)?.();
  }
}
