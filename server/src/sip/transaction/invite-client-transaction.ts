import { assertNever } from '@perch/shared';
import { buildRequest } from '../message/build.ts';
import type { HeaderField, SipResponse } from '../message/message.ts';
import type { Flow } from '../transport/flow.ts';
import { begin, CALLING, step } from './machines/invite-client.ts';
import type { Effect, Event, State } from './machines/invite-client.ts';
import { RELIABLE } from './machines/timers.ts';
import { acknowledgementOf, cancellationOf } from './outgoing.ts';
import { Transaction } from './transaction.ts';
import type { Surroundings } from './transaction.ts';
import type { ClientTransaction, ClientTransactionUser, OutgoingRequest } from './transaction-layer.ts';

/** The user's handle on its INVITE. It keeps the request, which the table drops once the INVITE is answered. */
class InviteHandle implements ClientTransaction {
  readonly request: OutgoingRequest;
  readonly #transaction: InviteClientTransaction;

  constructor(transaction: InviteClientTransaction, request: OutgoingRequest) {
    this.#transaction = transaction;
    this.request = request;
  }

  cancel(fields: readonly HeaderField[] = []): void {
    this.#transaction.cancel(fields);
  }

  release(): void {
    this.#transaction.release();
  }
}

/** An INVITE of ours: runs its machine against flow, clock and user. */
export class InviteClientTransaction extends Transaction {
  readonly method = 'INVITE';
  /** The lines before the user's fields, which its ACK and CANCEL share. */
  readonly lead: string;
  readonly #user: ClientTransactionUser;
  /** Until a 2xx arrives. */
  #request: OutgoingRequest | undefined;
  #cancelFields: readonly HeaderField[] = [];
  #state: State = CALLING;

  constructor(
    around: Surroundings,
    flow: Flow,
    branch: string,
    lead: string,
    request: OutgoingRequest,
    user: ClientTransactionUser,
  ) {
    super(around, flow, branch);
    this.lead = lead;
    this.#request = request;
    this.#user = user;
  }

  /** Sends it; the table has it already, as the answer may be quick. @throws UnsafeFieldError */
  start(): void {
    const [state, effects] = begin(RELIABLE);
    this.#run(state, effects);
  }

  handleOf(request: OutgoingRequest): ClientTransaction {
    return new InviteHandle(this, request);
  }

  received(response: SipResponse): void {
    this.#step(eventOf(response.status), response);
  }

  cancel(fields: readonly HeaderField[]): void {
    this.#cancelFields = fields;
    this.#step('cancel');
  }

  release(): void {
    this.#step('release');
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
    const invite = this.#request;
    if (state.kind === 'accepted') this.#request = undefined;
    for (const effect of effects) {
      switch (effect.kind) {
        case 'start':
        case 'stop':
          this.keepTime(effect);
          break;
        case 'send':
          this.#send(invite);
          break;
        case 'send-ack':
          if (invite !== undefined && response !== undefined) this.#send(acknowledgementOf(invite, response));
          break;
        case 'send-cancel':
          if (invite !== undefined) this.around.sendCancel(this, cancellationOf(invite, this.#cancelFields));
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

  #send(request: OutgoingRequest | undefined): void {
    if (request === undefined || this.flow.send(buildRequest(request, this.lead))) return;
    // The user does not have its handle yet, or is in the middle of something: so it is told in a separate turn.
    this.around.soon(() => {
      this.broken();
    });
  }
}

const eventOf = (status: number): Event =>
  status < 200 ? 'provisional' : status < 300 ? 'success' : 'failure';
