import type { ExtensionId, TerminalId } from '@perch/shared';
import type { Clock, Directory } from '../ports.ts';

/** How long a mailbox stays open to a browser that does not use it (milliseconds). */
const UNLOCKED_MS = 15 * 60_000;
/** Browsers to which a mailbox can be open during one stay: enough for a terminal, too few for a flood. */
const MOST_BROWSERS = 16;

/** Who speaks through which terminal. */
export interface Speakers {
  /** `undefined` where the terminal is locked. */
  speaksFor(terminal: TerminalId): ExtensionId | undefined;
}

/**
 * An uninterrupted time in which one extension speaks through one terminal, as one object: coming back later makes a new
 * one. `unlocked` are the browsers that gave the PIN, and when each used it last, longest ago first.
 */
export interface Stay {
  /** No other stay has it. */
  readonly id: number;
  readonly speaker: ExtensionId;
  readonly unlocked: Map<string, number>;
}

/** The current stays, and the browsers to which each has opened its mailbox. */
export class Stays {
  readonly #where: Speakers;
  readonly #clock: Clock;
  readonly #directory: Pick<Directory, 'ownerOf'>;
  readonly #stays = new Map<TerminalId, Stay>();
  #made = 0;
  readonly #listeners = new Set<() => void>();

  constructor(where: Speakers, clock: Clock, directory: Pick<Directory, 'ownerOf'>) {
    this.#where = where;
    this.#clock = clock;
    this.#directory = directory;
  }

  /** Other extensions may now speak through these terminals. */
  moved(terminals: Iterable<TerminalId>): void {
    for (const terminal of terminals)
      if (this.#stays.get(terminal)?.speaker !== this.#where.speaksFor(terminal))
        this.#stays.delete(terminal);
    this.review();
  }

  /** The listener is called when stays may have ended, and checks with `at` whether its own still lasts. */
  listen(listener: () => void): void {
    this.#listeners.add(listener);
  }

  /** The same object for as long as the stay lasts; `undefined` where the terminal is locked. */
  at(terminal: TerminalId): Stay | undefined {
    const known = this.#stays.get(terminal);
    if (known) return known;
    const speaker = this.#where.speaksFor(terminal);
    if (speaker === undefined) return undefined;
    const stay = { id: ++this.#made, speaker, unlocked: new Map<string, number>() };
    this.#stays.set(terminal, stay);
    return stay;
  }

  unlock({ unlocked }: Stay, browser: string): void {
    unlocked.delete(browser);
    unlocked.set(browser, this.#clock.monotonic());
    for (const oldest of unlocked.keys()) {
      if (unlocked.size <= MOST_BROWSERS) break;
      unlocked.delete(oldest);
    }
  }

  /** Locks the extension's mailbox for every browser wherever it is a guest, even while it is being used. */
  shut(speaker: ExtensionId): void {
    for (const [terminal, stay] of this.#stays)
      if (stay.speaker === speaker && this.#directory.ownerOf(terminal) !== speaker)
        this.#stays.delete(terminal);
    this.review();
  }

  isUnlocked({ unlocked }: Stay, browser: string): boolean {
    const usedAt = unlocked.get(browser);
    return usedAt !== undefined && this.#clock.monotonic() < usedAt + UNLOCKED_MS;
  }

  /** Prolongs the time for which the mailbox stays open to that browser. */
  use(stay: Stay, browser: string): void {
    if (this.isUnlocked(stay, browser)) this.unlock(stay, browser);
  }

  /** Stays or the extensions that speak in them may have changed: listeners check their own. */
  review(): void {
    for (const listener of this.#listeners) listener();
  }
}
