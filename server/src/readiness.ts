/** How often the server checks by itself, for the log (milliseconds). */
const LOOK_MS = 10_000;

/** For logs: called on each change. */
export interface ReadinessJournal {
  unready(reason: string): void;
  readyAgain(): void;
}

/** Is the server ready to work? This is not liveness: a restarted process would find the same disk. */
export class Readiness {
  readonly #look: () => Promise<string | undefined>;
  readonly #journal: ReadinessJournal;
  readonly #timer = setInterval(() => void this.trouble(), LOOK_MS).unref();
  #said: string | undefined;
  #stopping = false;

  constructor(look: () => Promise<string | undefined>, journal: ReadinessJournal) {
    this.#look = look;
    this.#journal = journal;
  }

  /** @returns why not, as a sentence. */
  async trouble(): Promise<string | undefined> {
    if (this.#stopping) return 'The server is stopping.';
    const reason = await this.#look();
    if (reason === this.#said) return reason;
    this.#said = reason;
    if (reason === undefined) this.#journal.readyAgain();
    else this.#journal.unready(reason);
    return reason;
  }

  stopping(): void {
    this.#stopping = true;
    clearInterval(this.#timer);
  }
}
