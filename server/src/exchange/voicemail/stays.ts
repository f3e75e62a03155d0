import { type ExtensionId, ownerOf, type TerminalId } from '@perch/shared';
import type { Clock } from '../ports.ts';

/** How long a mailbox stays open to a browser that does not use it (milliseconds). */
const UNLOCKED_MS = 15 * 60_000;
/** Browsers to which one stay may have opened its mailbox: those at the terminal, and no flood. */
const MOST_BROWSERS = 16;

/** Who speaks through which terminal, and every change of it. */
export interface Speakers {
  /** Nobody where the terminal is locked. */
  speaksFor(terminal: TerminalId): ExtensionId | undefined;
  /** Hears of each change once it is in force, with the terminals where somebody else may speak now. */
  listen(listener: (change: { readonly terminals: ReadonlySet<TerminalId> }) => void): () => void;
}

/**
 * The time without a break in which one extension speaks through one terminal, as one object: whoever comes back later has
 * another. `unlocked` are the browsers that gave the PIN, and when each used it last, longest ago first.
 */
export interface Stay {
  readonly speaker: ExtensionId;
  readonly unlocked: Map<string, number>;
}

/** Who stays where, and to which browsers each has opened the mailbox. */
export class Stays {
  readonly #where: Speakers;
  readonly #clock: Clock;
  readonly #stays = new Map<TerminalId, Stay>();
  readonly #listeners = new Set<() => void>();

  constructor(where: Speakers, clock: Clock) {
    this.#where = where;
    this.#clock = clock;
    where.listen(({ terminals }) => {
      for (const terminal of terminals)
        if (this.#stays.get(terminal)?.speaker !== where.speaksFor(terminal)) this.#stays.delete(terminal);
      this.#tell();
    });
  }

  /** The listener is called when stays may have ended, and checks with `at` whether its own still lasts. */
  listen(listener: () => void): void {
    this.#listeners.add(listener);
  }

  /** The same object for as long as the stay lasts; `undefined` where nobody speaks. */
  at(terminal: TerminalId): Stay | undefined {
    const known = this.#stays.get(terminal);
    if (known) return known;
    const speaker = this.#where.speaksFor(terminal);
    if (speaker === undefined) return undefined;
    const stay = { speaker, unlocked: new Map<string, number>() };
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

  /** Wherever an extension is a guest, its mailbox is shut to every browser, whatever is under way there. */
  shut(speaker: ExtensionId): void {
    for (const [terminal, stay] of this.#stays)
      if (stay.speaker === speaker && ownerOf(terminal) !== speaker) this.#stays.delete(terminal);
    this.#tell();
  }

  isUnlocked({ unlocked }: Stay, browser: string): boolean {
    const usedAt = unlocked.get(browser);
    return usedAt !== undefined && this.#clock.monotonic() < usedAt + UNLOCKED_MS;
  }

  /** An unlocked browser stays so for another while. */
  use(stay: Stay, browser: string): void {
    if (this.isUnlocked(stay, browser)) this.unlock(stay, browser);
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
