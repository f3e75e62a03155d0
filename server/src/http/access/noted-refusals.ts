import type { Clock } from '../../world/clock.ts';

/** Refusals that the audit has one by one in each minute. */
const MOST_NOTED = 30;
const MINUTE_MS = 60_000;

interface Minute<Refused> {
  noted: number;
  more: number;
  last: Refused;
}

/** How many refusals are noted: anyone who can cause them must not be able to fill the audit. */
export class NotedRefusals<Refused> {
  readonly #clock: Clock;
  readonly #sumUp: (more: number, last: Refused) => Promise<void>;
  readonly #failed: (error: unknown) => void;
  readonly #minutes = new Map<string, Minute<Refused>>();

  /** @param sumUp notes, at the end of a minute, how many there were beyond those that were noted, and the last of them. */
  constructor(
    clock: Clock,
    sumUp: (more: number, last: Refused) => Promise<void>,
    failed: (error: unknown) => void,
  ) {
    this.#clock = clock;
    this.#sumUp = sumUp;
    this.#failed = failed;
  }

  /**
   * Counts one.
   * @param key of those that are counted together.
   * @returns whether it is to be noted.
   */
  mayNote(key: string, refused: Refused): boolean {
    const known = this.#minutes.get(key);
    const minute = known ?? { noted: 0, more: 0, last: refused };
    if (!known) {
      this.#minutes.set(key, minute);
      this.#clock.after(MINUTE_MS, () => void this.#end(key, minute).catch(this.#failed));
    }
    minute.last = refused;
    if (minute.noted >= MOST_NOTED) minute.more++;
    else minute.noted++;
    return minute.more === 0;
  }

  async #end(key: string, { more, last }: Minute<Refused>): Promise<void> {
    this.#minutes.delete(key);
    if (more > 0) await this.#sumUp(more, last);
  }
}
