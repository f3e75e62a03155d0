import { assertNever } from '@perch/shared';
import { buildRequest } from '../message/build.ts';
import type { SipResponse } from '../message/message.ts';
import type { Flow } from '../transport/flow.ts';
import { begin, step, TRYING } from './machines/request-client.ts';
import type { Effect, Event, State } from './machines/request-client.ts';
import { RELIABLE } from './machines/timers.ts';
import { Transaction } from './transaction.ts';
import type { Surroundings } from './transaction.ts';
import type { ClientTransaction, ClientTransactionUser, OutgoingRequest } from './transaction-layer.ts';

/** A request of ours other than INVITE and ACK: runs its machine against flow, clock and user. */
export class RequestClientTransaction extends Transaction implements ClientTransaction {
  readonly request: OutgoingRequest;
  readonly #lead: string;
  readonly #user: ClientTransactionUser;
  #state: State = TRYING;

  constructor(
    around: Surroundings,
    flow: Flow,
    key: string,
    lead: string,
    request: OutgoingRequest,
    user: ClientTransactionUser,
  ) {
    super(around, flow, key);
    this.request = request;
    this.#lead = lead;
    this.#user = user;
  }

  get method(): string {
    return this.request.method;
  }

  /** Sends it; the table has it already, as the answer may be quick. @throws UnsafeFieldError */
  start(): void {
    const [state, effects] = begin(RELIABLE);
    this.#run(state, effects);
  }

  received(response: SipResponse): void {
    this.#step(response.status < 200 ? 'provisional' : 'final', response);
  }

  /** Only an INVITE can be cancelled (RFC 3261 §9.1). */
  cancel(): void {
    return;
  }

  release(): void {
    return;
  }

  broken(): void {
    this.#step('transport-error');
  }

  protected timedOut(timer: 'retransmit' | 'deadline'): void {
    this.#step(timer);
  }

  #step(event: Event, response?: SipResponse): void {
    const [state, effects] = step(this.#state, event, RELIABLE);
    this.#run(state, effects, response);
  }

  #run(state: State, effects: readonly Effect[], response?: SipResponse): void {
    if (state.kind === 'terminated' && this.#state.kind !== 'terminated') this.around.leave(this);
    this.#state = state;
    for (const effect of effects) {
      switch (effect.kind) {
        case 'start':
        case 'stop':
          this.keepTime(effect);
          break;
        case 'send':
          this.#send();
          break;
        case 'deliver':
          if (response !== undefined) this.#deliver(response);
          break;
        case 'fail':
          this.#user.failed(effect.cause);
          break;
        default:
          assertNever(effect);
      }
    }
  }

  #deliver(response: SipResponse): void {
    if (response.status < 200) this.#user.provisional?.(response);
    else this.#user.final(response);
  }

  #send(): void {
    if (this.flow.send(buildRequest(this.request, this.#lead))) return;
    // The user does not have its handle yet: so it is told in a separate turn.
    this.around.soon(() => {
      this.broken();
    });
  }
}
