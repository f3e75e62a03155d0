import { CALL_ID_HEADER, type CallId, type Service, type TerminalId } from '@perch/shared';
import type { Flow } from '../../sip/transport/flow.ts';
import type { InboundLeg } from '../../sip/user-agent/leg.ts';
import type { Extension } from '../ports.ts';
import type { ServiceRequest, Services } from '../services/registry.ts';
import type { ServiceCall } from '../services/service.ts';
import { depositReasonOf, type Failure, refusalFor, utteranceFor } from './outcome.ts';
import type { Party } from './ports.ts';

/** The callee that a caller did not reach. */
export interface TurnedAwayFrom {
  /** The call that has failed, and in which a message may be left. */
  readonly call: CallId;
  readonly number: string;
  /** The extension whose mailbox takes a message; `undefined` for an emergency call. */
  readonly mailbox: Extension | undefined;
}

/** One call of a terminal with the server. */
interface ServerCall {
  readonly leg: InboundLeg;
  readonly request: ServiceRequest;
  readonly taken: ServiceCall | undefined;
}

/** The calls in which only the server speaks: handed to its services, and counted by terminal. */
export class ServerCalls {
  readonly #services: Services;
  readonly #newId: () => CallId;
  readonly #calls = new Map<TerminalId, readonly ServerCall[]>();

  constructor(services: Services, newId: () => CallId) {
    this.#services = services;
    this.#newId = newId;
  }

  /** What a terminal's calls with the server are about; those that have ended are removed by asking. */
  requests(terminal: TerminalId): readonly ServiceRequest[] {
    return this.#underWay(terminal).map(({ request }) => request);
  }

  /** Hands the call to the service that was dialled. */
  serve(leg: InboundLeg, caller: Party, service: Service): void {
    this.#take(leg, caller, service, this.#newId());
  }

  /** Lets a caller who was not answered leave a message; else says why there will be no call, and refuses it. */
  turnAway(
    leg: InboundLeg,
    caller: Party,
    failure: Failure,
    { call, number, mailbox }: TurnedAwayFrom,
  ): void {
    const reason = depositReasonOf(failure);
    const utterance = utteranceFor(failure, number);
    if (mailbox !== undefined && reason !== undefined)
      this.#take(leg, caller, { name: 'deposit', callee: mailbox, reason }, call);
    else if (utterance !== undefined)
      this.#take(leg, caller, { name: 'announcement', utterance, refusal: refusalFor(failure) }, call);
    else this.refuse(leg, failure);
  }

  /** Without an announcement: the phone plays its own tone. */
  refuse(leg: InboundLeg, failure: Failure): void {
    const { status, reason } = refusalFor(failure);
    leg.reject(status, { reason });
  }

  /** The account of that terminal's flow may no longer be used: the services decide what becomes of calls over it. */
  flowBarred(flow: Flow, terminal: TerminalId): void {
    for (const { leg, taken } of this.#underWay(terminal))
      if (leg.target.flow === flow) taken?.on({ kind: 'barred' });
  }

  #take(leg: InboundLeg, caller: Party, request: ServiceRequest, id: CallId): void {
    leg.label([CALL_ID_HEADER, id]);
    const taken = this.#services.take({ id, leg, caller, ended: () => undefined }, request);
    this.#calls.set(caller.terminal, [...this.#underWay(caller.terminal), { leg, request, taken }]);
  }

  #underWay(terminal: TerminalId): readonly ServerCall[] {
    const calls = this.#calls.get(terminal)?.filter(({ leg }) => leg.state !== 'over') ?? [];
    if (calls.length === 0) this.#calls.delete(terminal);
    else this.#calls.set(terminal, calls);
    return calls;
  }
}
