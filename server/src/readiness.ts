import type { Clock } from './world/clock.ts';
import { every } from './world/every.ts';

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
  readonly #cancelLooks: () => void;
  #said: string | undefined;
  #stopping = false;

  constructor(look: () => Promise<string | undefined>, clock: Clock, journal: ReadinessJournal) {
    this.#look = look;
    this.#journal = journal;
    this.#cancelLooks = every(clock, LOOK_MS, () => void this.trouble());
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
    this.#cancelLooks();
  }
}
