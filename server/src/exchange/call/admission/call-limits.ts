import type { ExtensionId, TerminalId } from '@perch/shared';
import type { Failure } from '../outcome.ts';
import type { Placements } from '../placements.ts';
import type { Party } from '../ports.ts';
import type { Route } from '../ringing/routing.ts';
import type { ServiceRequest } from '../../services/registry.ts';

/** Calls that one terminal may have placed or answered at a time, including announcements and messages that it leaves. */
const MOST_CALLS_OF_TERMINAL = 10;
/** Calls that may ring at one terminal at a time: ten callers with two calls each. */
const MOST_RINGING = 20;
/** Unanswered calls from one caller to one callee, including those in which a message is being left. */
const MOST_UNANSWERED = 2;
/** Calls of one terminal to one service at a time: enough for all of its browsers, too few for a flood. */
const MOST_VISITS = 4;
/** Calls of one organization at a time. */
const MOST_CALLS = 20_000;

/** Where a call would ring; without a terminal, the extension whose mailbox it would reach. */
interface Callee {
  readonly extension: ExtensionId;
  readonly terminal: TerminalId | null;
}

/**
 * Limits on simultaneous calls. No phone can silence another: calls that only ring at a terminal do not count against what it may
 * dial, and emergency calls, `*30` and `*97` do not depend on what others do (a terminal can call one of them four times at once).
 */
export class CallLimits {
  readonly #placements: Placements;

  constructor(placements: Placements) {
    this.#placements = placements;
  }

  /** Why a terminal may not dial now; `undefined` where it may. */
  refuses(terminal: TerminalId, { destination, emergency, callsBack }: Route): Failure | undefined {
    if (emergency || callsBack !== null) return undefined;
    if (destination.kind === 'service')
      return this.#visits(terminal, destination.service.name) >= MOST_VISITS ? 'too-many-visits' : undefined;
    if (this.#isFull(terminal)) return 'too-many-calls';
    return this.#placements.size >= MOST_CALLS ? 'overloaded' : undefined;
  }

  /** Does that caller (the phone or the extension) already have as many unanswered calls to that callee as are allowed? */
  isInsistent(caller: Party, { extension, terminal }: Callee): boolean {
    const ringing = terminal === null ? 0 : this.#ringing(terminal, caller);
    return ringing + this.#deposits(caller.terminal, extension) >= MOST_UNANSWERED;
  }

  /** Does a terminal have as many calls, or as many ringing ones, as are allowed? */
  isBusy(terminal: TerminalId): boolean {
    return this.#isFull(terminal) || this.#ringing(terminal) >= MOST_RINGING;
  }

  #isFull(terminal: TerminalId): boolean {
    const calls = this.#placements.at(terminal);
    return calls.length - this.#ringing(terminal) >= MOST_CALLS_OF_TERMINAL;
  }

  /** How many calls of a terminal are with that service. */
  #visits(terminal: TerminalId, service: ServiceRequest['name']): number {
    return this.#requests(terminal).filter(({ name }) => name === service).length;
  }

  /** How many calls of a terminal may leave that extension a message. */
  #deposits(terminal: TerminalId, extension: ExtensionId): number {
    return this.#requests(terminal).filter(
      (request) => request.name === 'deposit' && request.callee.id === extension,
    ).length;
  }

  /** What the calls of a terminal with services are about. */
  #requests(terminal: TerminalId): readonly ServiceRequest[] {
    return this.#placements.at(terminal).flatMap((call) => (call.farEnd === 'service' ? [call.request] : []));
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
