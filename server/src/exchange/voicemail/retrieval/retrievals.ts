import type { TerminalId, VoicemailEvent } from '@perch/shared';
import type { MediaEngine } from '../../../media/endpoint.ts';
import type { InboundLeg } from '../../../sip/user-agent/leg.ts';
import { OwnMailbox, type OwnMailboxPorts } from './own-mailbox.ts';
import { RetrievalCall } from './retrieval-call.ts';

/** Visits that one terminal may have at once: one from each of its browsers, but no flood. */
const MOST_VISITS = 4;

interface RetrievalPorts extends OwnMailboxPorts {
  readonly engine: MediaEngine;
}

/** The mailboxes at `*97`: calls that the server itself answers, in which whoever speaks through a terminal listens. */
export class Retrievals {
  readonly #ports: RetrievalPorts;
  readonly #visits = new Map<TerminalId, Set<RetrievalCall>>();

  constructor(ports: RetrievalPorts) {
    this.#ports = ports;
    ports.stays.listen(() => {
      this.standingChanged();
    });
  }

  /** Somebody may speak elsewhere now, or be suspended or deleted: visits that may not go on take leave. */
  standingChanged(): void {
    for (const visits of [...this.#visits.values()]) for (const visit of [...visits]) visit.standingChanged();
  }

  /**
   * Takes the call over, `leg.listen` included; `tell` hears the dialogue as the page is to show it. Refused are an offer
   * without sound for us, with 488, a terminal through which nobody speaks, with 403, and a flood, with 486.
   */
  receive(leg: InboundLeg, terminal: TerminalId, tell: (event: VoicemailEvent) => void): void {
    const { where, directory, engine, clock } = this.#ports;
    const speaker = where.speaksFor(terminal);
    const owner = speaker && directory.byId(speaker);
    if (!owner || owner.suspended) {
      leg.reject(403, { reason: { protocol: 'SIP', cause: 403, text: 'Nobody speaks here' } });
      return;
    }
    const visits = this.#visits.get(terminal) ?? new Set();
    if (visits.size >= MOST_VISITS) {
      leg.reject(486, { reason: { protocol: 'SIP', cause: 486, text: 'Too many visits at once' } });
      return;
    }
    const mailbox = new OwnMailbox(this.#ports, terminal, owner);
    const call = new RetrievalCall({ leg, endpoint: engine.endpoint(), clock, mailbox, tell });
    this.#visits.set(terminal, visits.add(call));
    void call.over.then(() => {
      visits.delete(call);
      if (visits.size === 0) this.#visits.delete(terminal);
    });
  }
}
