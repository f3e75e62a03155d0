/**
 * Makes sure that one tab of this browser is the terminal (Web Locks): two would be one SIP instance twice. Where the
 * browser has no locks, every tab may be.
 */
export class SoleTab {
  /** `waiting` until the browser has answered. */
  state: 'waiting' | 'mine' | 'elsewhere' = $state('waiting');
  readonly #name: string;
  #release: (() => void) | undefined;

  constructor(number: string) {
    this.#name = `perch.terminal.${number}`;
    this.#request({ ifAvailable: true });
  }

  /** Takes the terminal from the tab that has it; that one is told. */
  readonly take = (): void => this.#request({ steal: true });

  close(): void {
    this.#release?.();
  }

  #request(options: LockOptions): void {
    const locks = navigator.locks as LockManager | undefined;
    if (locks === undefined) {
      this.state = 'mine';
      return;
    }
    locks
      .request(this.#name, options, (lock) => {
        this.state = lock === null ? 'elsewhere' : 'mine';
        return lock === null
          ? Promise.resolve()
          : new Promise<void>((resolve) => {
              this.#release = resolve;
            });
      })
      .catch(() => {
        // Another tab has taken it.
        this.state = 'elsewhere';
      });
  }
}
