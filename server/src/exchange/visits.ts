import type { TerminalId } from '@perch/shared';
import type { Flow } from '../sip/transport/flow.ts';
import type { InboundLeg } from '../sip/user-agent/leg.ts';

/** Visits that one terminal may have at once: enough for all of its browsers, too few for a flood. */
const MOST_VISITS = 4;

/** One call to a service of the server, from a terminal. */
interface Visit {
  /** Resolves when the visit is over. */
  readonly over: Promise<void>;
  /** The account of that flow may no longer be used: a visit over it ends. */
  flowBarred(flow: Flow): void;
}

/** The visits to one service (`*30`, `*97`) that are under way. */
export class Visits<V extends Visit> {
  readonly #visits = new Map<TerminalId, Set<V>>();

  /** Refuses a call with 486 where its terminal has as many visits as it may have. */
  turnsAway(leg: InboundLeg, terminal: TerminalId): boolean {
    if ((this.#visits.get(terminal)?.size ?? 0) < MOST_VISITS) return false;
    leg.reject(486, { reason: { protocol: 'SIP', cause: 486, text: 'Too many visits at once' } });
    return true;
  }

  /** Keeps the visit until it is over. */
  add(terminal: TerminalId, visit: V): void {
    const visits = this.#visits.get(terminal) ?? new Set();
    this.#visits.set(terminal, visits.add(visit));
    void visit.over.then(() => {
      visits.delete(visit);
      if (visits.size === 0) this.#visits.delete(terminal);
    });
  }

  /** A copy, safe to loop over while visits end. */
  all(): readonly V[] {
    return [...this.#visits.values()].flatMap((visits) => [...visits]);
  }

  /** The account of that terminal's flow may no longer be used: visits over it end. */
  flowBarred(flow: Flow, terminal: TerminalId): void {
    for (const visit of [...(this.#visits.get(terminal) ?? [])]) visit.flowBarred(flow);
  }
}
