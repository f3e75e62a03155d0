import type { TerminalId, VoicemailEvent } from '@perch/shared';
import type { MediaEngine } from '../../../../media/endpoint.ts';
import type { Flow } from '../../../../sip/transport/flow.ts';
import type { InboundLeg } from '../../../../sip/user-agent/leg.ts';
import { Visits } from '../../../visits.ts';
import { OwnMailbox, type OwnMailboxPorts } from './own-mailbox.ts';
import { RetrievalCall } from './retrieval-call.ts';

interface RetrievalPorts extends OwnMailboxPorts {
  readonly engine: MediaEngine;
}

/** The mailboxes at `*97`: calls that the server answers, in which the extension that speaks through a terminal listens. */
export class Retrievals {
  readonly #ports: RetrievalPorts;
  readonly #visits = new Visits<RetrievalCall>();

  constructor(ports: RetrievalPorts) {
    this.#ports = ports;
    ports.stays.listen(() => {
      this.standingChanged();
    });
  }

  /** An extension may have moved, or been suspended or deleted: visits that may not go on say goodbye and end. */
  standingChanged(): void {
    for (const visit of this.#visits.all()) visit.standingChanged();
  }

  /** The account of that terminal's flow may no longer be used: visits over it say goodbye and end. */
  flowBarred(flow: Flow, terminal: TerminalId): void {
    this.#visits.flowBarred(flow, terminal);
  }

  /**
   * Takes the call over, `leg.listen` included; `tell` is told the dialogue as the page is to show it. An offer
   * without sound for us is refused with 488, a locked terminal with 403, and a flood with 486.
   */
  receive(leg: InboundLeg, terminal: TerminalId, tell: (event: VoicemailEvent) => void): void {
    const { where, directory, engine, clock } = this.#ports;
    const speaker = where.speaksFor(terminal);
    const owner = speaker && directory.byId(speaker);
    if (!owner || owner.suspended) {
      leg.reject(403, { reason: { protocol: 'SIP', cause: 403, text: 'Nobody speaks here' } });
      return;
    }
    if (this.#visits.turnsAway(leg, terminal)) return;
    const mailbox = new OwnMailbox(this.#ports, terminal, owner);
    this.#visits.add(terminal, new RetrievalCall({ leg, endpoint: engine.endpoint(), clock, mailbox, tell }));
  }
}
