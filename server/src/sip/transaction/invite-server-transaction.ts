import { assertNever } from '@perch/shared';
import type { SipRequest } from '../message/message.ts';
import type { Flow } from '../transport/flow.ts';
import { PROCEEDING, step } from './machines/invite-server.ts';
import type { Effect, Event, State } from './machines/invite-server.ts';
import { RELIABLE } from './machines/timers.ts';
import { Responder } from './responder.ts';
import { Transaction } from './transaction.ts';
import type { Surroundings } from './transaction.ts';
import type { OutgoingResponse, ServerTransaction } from './transaction-layer.ts';

/** The user's handle on an INVITE. It keeps the request, which the table drops once the INVITE is answered. */
class InviteHandle implements ServerTransaction {
  readonly responder: Responder;
  readonly #transaction: InviteServerTransaction;

  constructor(transaction: InviteServerTransaction, responder: Responder) {
    this.#transaction = transaction;
    this.responder = responder;
  }

  get request(): SipRequest {
    return this.responder.request;
  }

  get flow(): Flow {
    return this.responder.flow;
  }

  respond(response: OutgoingResponse): void {
    this.#transaction.respond(this.responder, response);
  }

  release(): void {
    this.#transaction.release();
  }
}

/** An INVITE that we serve: runs its machine against flow, clock and user. */
export class InviteServerTransaction extends Transaction {
  #state: State = PROCEEDING;
  /** Until the final response. */
  #handle: InviteHandle | undefined;
  /** The response being sent; afterwards kept for as long as it may have to be sent again. */
  #response = '';

  constructor(around: Surroundings, flow: Flow, key: string, request: SipRequest) {
    super(around, flow, key);
    this.#handle = new InviteHandle(this, new Responder(request, flow, around.newTag));
  }

  /** What the user may still answer; `undefined` once it has. */
  get pending(): InviteHandle | undefined {
    return this.#handle;
  }

  /** A 2xx was sent, and no ACK has come. */
  get isAccepted(): boolean {
    return this.#state.kind === 'accepted';
  }

  /** Shows the INVITE to the user; answers 500 where the user throws, and throws on. */
  offer(): void {
    const handle = this.#handle;
    if (handle === undefined) return;
    try {
      this.around.user.request(handle);
    } catch (error) {
      handle.respond({ status: 500 });
      throw error;
    }
  }

  respond(responder: Responder, response: OutgoingResponse): void {
    const event = eventOf(response.status);
    const [state, effects] = step(this.#state, event, RELIABLE);
    if (effects.length === 0) return;
    this.#response = responder.write(response);
    if (event !== 'provisional') this.#handle = undefined;
    this.#run(state, effects);
    if (state.kind === 'accepted') this.#response = '';
  }

  release(): void {
    this.#step('release');
  }

  /** The INVITE was retransmitted. */
  retransmitted(): void {
    this.#step('request');
  }

  /** An ACK with this INVITE's branch arrived: does it go to the user? */
  acknowledged(): boolean {
    return this.#step('ack').some((effect) => effect.kind === 'deliver-ack');
  }

  broken(): void {
    this.#step('transport-error');
  }

  protected timedOut(timer: 'retransmit' | 'deadline'): void {
    this.#step(timer);
  }

  #step(event: Event): readonly Effect[] {
    const [state, effects] = step(this.#state, event, RELIABLE);
    this.#run(state, effects);
    return effects;
  }

  #run(state: State, effects: readonly Effect[]): void {
    if (state.kind === 'terminated' && this.#state.kind !== 'terminated') this.around.leave(this);
    this.#state = state;
    for (const effect of effects) {
      switch (effect.kind) {
        case 'start':
        case 'stop':
          this.keepTime(effect);
          break;
        case 'send':
        case 'resend':
          if (this.#response !== '' && !this.flow.send(this.#response)) this.broken();
          break;
        case 'deliver-ack':
          break;
        default:
          assertNever(effect);
      }
    }
  }
}

const eventOf = (status: number): Event =>
  status < 200 ? 'provisional' : status < 300 ? 'success' : 'failure';
