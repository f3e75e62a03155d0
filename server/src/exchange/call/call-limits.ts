import type { ExtensionId, TerminalId } from '@perch/shared';
import type { Failure } from './outcome.ts';
import type { Placements } from './placements.ts';
import type { Party } from './ports.ts';
import type { Route } from './routing.ts';
import type { ServerCalls } from './server-calls.ts';

/** Calls that one terminal has at a time by its own doing, announcements and messages that it leaves among them. */
const MOST_CALLS_OF_TERMINAL = 10;
/** Calls that ring at one terminal at a time: from ten callers who try twice each. */
const MOST_RINGING = 20;
/** Calls from one caller to one callee that nobody has answered, those in which a message is being left among them. */
const MOST_UNANSWERED = 2;
/** Calls of one organization at a time. */
const MOST_CALLS = 20_000;

/** Where a call would ring, or whose mailbox it would come to: then without a terminal. */
interface Callee {
  readonly extension: ExtensionId;
  readonly terminal: TerminalId | null;
}

/**
 * How many calls are too many. No phone can silence another: what only rings at a terminal does not count against what
 * it may dial, and neither emergency calls nor `*30` and `*97`, which bound their own visits, depend on what others do.
 */
export class CallLimits {
  readonly #placements: Placements;
  readonly #server: ServerCalls;

  constructor(placements: Placements, server: ServerCalls) {
    this.#placements = placements;
    this.#server = server;
  }

  /** Why a terminal may not dial just now; `undefined` where it may. */
  refuses(terminal: TerminalId, { destination, emergency }: Route): Failure | undefined {
    if (emergency || destination.kind === 'center' || destination.kind === 'voicemail') return undefined;
    if (this.#isFull(terminal)) return 'too-many-calls';
    return this.#placements.size >= MOST_CALLS ? 'overloaded' : undefined;
  }

  /** Has that caller, by phone or by extension, tried that callee as often as one may at a time? */
  isInsistent(caller: Party, { extension, terminal }: Callee): boolean {
    const ringing = terminal === null ? 0 : this.#ringing(terminal, caller);
    return ringing + this.#server.deposits(caller.terminal, extension) >= MOST_UNANSWERED;
  }

  /** Has a terminal as many calls, or as many that ring, as it can take? */
  isBusy(terminal: TerminalId): boolean {
    return this.#isFull(terminal) || this.#ringing(terminal) >= MOST_RINGING;
  }

  #isFull(terminal: TerminalId): boolean {
    const calls = this.#placements.at(terminal);
    return this.#server.count(terminal) + calls.length - this.#ringing(terminal) >= MOST_CALLS_OF_TERMINAL;
  }

  /** How many calls ring at a terminal, or how many of them for one caller. */
  #ringing(terminal: TerminalId, caller?: Party): number {
    let count = 0;
    for (const { ringing } of this.#placements.at(terminal)) {
      if (ringing?.party.terminal !== terminal) continue;
      const { by } = ringing;
      const counts =
        caller === undefined || by.terminal === caller.terminal || by.extension === caller.extension;
      if (counts) count += 1;
    }
    return count;
  }
}
