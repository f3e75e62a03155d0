import type { DepositReason, Party, VoicemailEvent } from '@perch/shared';
import type { MediaEngine } from '../../../../media/endpoint.ts';
import type { InboundLeg } from '../../../../sip/user-agent/leg.ts';
import type { Extension } from '../../../ports.ts';
import { DepositCall, type DepositPorts } from './deposit-call.ts';
import { Greetings } from './greetings.ts';

/** Messages that may be left at once in an organization: as many as disk and process can bear, but no flood. */
const MOST_DEPOSITS = 500;

/** Where callers leave messages: calls that the server answers in place of the callee. */
export class Deposits {
  readonly #ports: DepositPorts;
  readonly #engine: MediaEngine;
  #underWay = 0;

  constructor(ports: Omit<DepositPorts, 'greetings'> & { readonly engine: MediaEngine }) {
    this.#engine = ports.engine;
    this.#ports = { ...ports, greetings: new Greetings(ports.mailboxes, ports.journal) };
  }

  /**
   * Takes the call over, `leg.listen` included: it is answered, and `caller` leaves `callee` a message. `tell` is told the
   * dialogue as the caller's page is to show it. An offer without sound for us is refused with 488, a flood with 503.
   */
  receive(
    leg: InboundLeg,
    caller: Party,
    callee: Extension,
    reason: DepositReason,
    tell: (event: VoicemailEvent) => void,
  ): void {
    if (this.#underWay >= MOST_DEPOSITS) {
      leg.reject(503, { reason: { protocol: 'SIP', cause: 503, text: 'Too many messages are being left' } });
      return;
    }
    this.#underWay += 1;
    const endpoint = this.#engine.endpoint();
    const call = new DepositCall(this.#ports, { leg, endpoint, caller, callee, reason, tell });
    void call.over.then(() => {
      this.#underWay -= 1;
    });
  }
}
