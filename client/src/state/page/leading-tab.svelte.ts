/**
 * Which tab of this browser is the terminal (Web Locks): two would be one SIP instance twice. The others wait for it, and the browser hands
 * over to one of them as soon as the leading tab is closed, or has crashed. Where the browser has no locks, every tab is.
 */
export class LeadingTab {
  /** `waiting` until the browser has answered. */
  state: 'waiting' | 'mine' | 'elsewhere' = $state('waiting');
  readonly #name: string;
  #release: (() => void) | undefined;
  #queue: AbortController | undefined;

  constructor(number: string) {
    this.#name = `perch.terminal.${number}`;
    window.addEventListener('pagehide', this.#onPageHide);
    window.addEventListener('pageshow', this.#onPageShow);
    this.#request({ ifAvailable: true });
  }

  /** Takes the terminal from the tab that has it; that one is told, and waits. */
  readonly take = (): void => {
    this.#leave();
    this.#request({ steal: true });
  };

  close(): void {
    window.removeEventListener('pagehide', this.#onPageHide);
    window.removeEventListener('pageshow', this.#onPageShow);
    this.#leave();
  }

  /**
   * A page in the back/forward cache is no phone, and a browser keeps none there that has a lock or waits for one. When it comes back it
   * begins anew, so that nothing in it is from before.
   */
  readonly #onPageHide = ({ persisted }: PageTransitionEvent): void => {
    if (!persisted) return;
    this.#leave();
    this.state = 'waiting';
  };

  readonly #onPageShow = ({ persisted }: PageTransitionEvent): void => {
    if (persisted) this.#request({ ifAvailable: true });
  };

  #leave(): void {
    this.#queue?.abort();
    this.#queue = undefined;
    this.#release?.();
    this.#release = undefined;
  }

  #request(options: LockOptions): void {
    const locks = navigator.locks as LockManager | undefined;
    if (locks === undefined) {
      this.state = 'mine';
      return;
    }
    let wasMine = false;
    locks
      .request(this.#name, options, (lock) => {
        if (lock === null) {
          this.#wait();
          return Promise.resolve();
        }
        wasMine = true;
        this.state = 'mine';
        return new Promise<void>((resolve) => {
          this.#release = resolve;
        });
      })
      .catch(() => {
        // Another tab has taken it, unless this one has given up a request that was still queued.
        if (wasMine || options.signal?.aborted !== true) this.#wait();
      });
  }

  /** Another tab leads: this one is next when it ends. */
  #wait(): void {
    this.state = 'elsewhere';
    this.#release = undefined;
    this.#queue = new AbortController();
    this.#request({ signal: this.#queue.signal });
  }
}
