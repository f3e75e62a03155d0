import { assertNever } from '@perch/shared';
import type { SipRequest } from '../message/message.ts';
import type { Flow } from '../transport/flow.ts';
import { begin, step, TRYING } from './machines/request-server.ts';
import type { Effect, Event, State } from './machines/request-server.ts';
import { RELIABLE } from './machines/timers.ts';
import { Responder } from './responder.ts';
import { Transaction } from './transaction.ts';
import type { Surroundings } from './transaction.ts';
import type { OutgoingResponse, ServerTransaction } from './transaction-layer.ts';

/** A request other than INVITE that we serve: runs its machine against flow, clock and user. */
export class RequestServerTransaction extends Transaction implements ServerTransaction {
  readonly request: SipRequest;
  readonly #responder: Responder;
  #state: State = TRYING;
  /** The last response. */
  #response = '';

  constructor(around: Surroundings, flow: Flow, key: string, request: SipRequest) {
    super(around, flow, key);
    this.request = request;
    this.#responder = new Responder(request, flow, around.newTag);
  }

  get isOver(): boolean {
    return this.#state.kind === 'terminated';
  }

  /** @throws RangeError for a provisional response other than 100, which is not allowed (RFC 4320 §4.1). */
  respond(response: OutgoingResponse): void {
    const [state, effects] = step(this.#state, eventOf(response.status), RELIABLE);
    if (effects.some((effect) => effect.kind === 'send')) this.#response = this.#responder.write(response);
    this.#run(state, effects);
  }

  /** It is over once it is answered. */
  release(): void {
    return;
  }

  /** The user did not answer at once: from now on its silence is timed. */
  wait(): void {
    this.#run(this.#state, begin(RELIABLE));
  }

  /** The request was retransmitted. */
  retransmitted(): void {
    this.#step('request');
  }

  broken(): void {
    this.#step('transport-error');
  }

  protected timedOut(timer: 'retransmit' | 'deadline'): void {
    if (timer === 'deadline') this.#step(timer);
  }

  #step(event: Event): void {
    const [state, effects] = step(this.#state, event, RELIABLE);
    this.#run(state, effects);
  }

  #run(state: State, effects: readonly Effect[]): void {
    if (state.kind === 'terminated' && !this.isOver) this.around.leave(this);
    this.#state = state;
    for (const effect of effects) {
      switch (effect.kind) {
        case 'start':
        case 'stop':
          this.keepTime(effect);
          break;
        case 'send-trying':
          this.#response = this.#responder.write({ status: 100 });
          this.#send();
          break;
        case 'send':
        case 'resend':
          this.#send();
          break;
        default:
          assertNever(effect);
      }
    }
  }

  #send(): void {
    if (!this.flow.send(this.#response)) this.broken();
  }
}

function eventOf(status: number): Event {
  if (status >= 200) return status === 408 ? 'timeout' : 'final';
  if (status === 100) return 'trying';
  throw new RangeError(`${String(status)} answers no request but an INVITE`);
}
