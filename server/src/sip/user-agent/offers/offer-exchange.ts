import { assertNever } from '@perch/shared';
import { stable, step } from '../../dialog/machines/offer-answer.ts';
import type { Effect, Event, State, Turn } from '../../dialog/machines/offer-answer.ts';
import { cseqOf } from '../../message/essentials.ts';
import type { HeaderField, SipRequest, SipResponse } from '../../message/message.ts';
import type { OutgoingResponse, ServerTransaction } from '../../transaction/transaction-layer.ts';
import type { Flow } from '../../transport/flow.ts';
import { Acceptance } from './acceptance.ts';
import type { DialogHost, DialogPeer } from '../dialog-peer.ts';
import type { LegContext } from '../leg-context.ts';
import { ALLOW, SDP, sdpIn, SUPPORTED } from '../own-fields.ts';
import { isPassing } from './passing-refusal.ts';
import { retryAfter, retryDelay } from './retry-times.ts';
import type { SessionRefresh } from './session-refresh.ts';

/** How long the peer has to answer a re-INVITE of ours, whatever provisional answers it gives (milliseconds). */
const LONGEST_ANSWER_MS = 32_000;

/** The parts of a session that an exchange of offers works with. */
interface OfferExchangeOptions {
  readonly context: LegContext;
  readonly host: DialogHost;
  readonly peer: DialogPeer;
  readonly refresh: SessionRefresh;
}

/** Offers and answers of one dialog, both ways, one at a time (RFC 3264; RFC 3261 §13, §14; RFC 3311). */
export class OfferExchange {
  #state: State;
  /** The SDP that we last sent to the peer, with which a re-INVITE without offer is answered (RFC 3261 §14.2). */
  #localSdp: string | undefined;
  /** The peer's re-offer that the call has not decided about. */
  #offered: ServerTransaction | undefined;
  /** The first 2xx has had its ACK. */
  #confirmed = false;
  /** Our 2xx that waits for its ACK. */
  #acceptance: Acceptance | undefined;
  /** The number of our INVITE whose 2xx waits for our ACK. */
  #inviteSequence = 0;
  #cancelRetry: (() => void) | undefined;
  #stopWaiting: (() => void) | undefined;
  readonly #context: LegContext;
  readonly #host: DialogHost;
  readonly #peer: DialogPeer;
  readonly #refresh: SessionRefresh;

  constructor({ context, host, peer, refresh }: OfferExchangeOptions, state: State) {
    this.#context = context;
    this.#host = host;
    this.#peer = peer;
    this.#refresh = refresh;
    this.#state = state;
  }

  offer(sdp: string): void {
    this.#apply({ kind: 'offer', sdp, origin: 'call' });
  }

  ask(): void {
    this.#apply({ kind: 'ask' });
  }

  /** Sends the previous offer again, to refresh a session whose peer does not support UPDATE (RFC 4028 §7.4). */
  repeat(): void {
    if (this.#localSdp === undefined) this.#refresh.decline();
    else this.#apply({ kind: 'offer', sdp: this.#localSdp, origin: 'refresh' });
  }

  accept(sdp: string): void {
    if (this.#owesAnswer) this.#acknowledge(sdp);
    else if (this.#offered === undefined) return;
    else this.answer(this.#offered, sdp);
    this.#settle(true);
  }

  refuse(status: number, fields: readonly HeaderField[]): void {
    // The offer that we asked for is in a 2xx, whose ACK must hold an answer: the previous one keeps the session as it was.
    if (this.#owesAnswer) this.#acknowledge(this.#localSdp);
    else if (this.#offered === undefined) return;
    else this.#offered.respond({ status, fields });
    this.#settle(false);
  }

  /** Our first offer was answered. */
  established(localSdp: string): void {
    this.#confirmed = true;
    this.#localSdp = localSdp;
  }

  rebound(): void {
    this.#apply({ kind: 'rebound' });
  }

  /** A re-offer of the peer died with its flow, or our answer to one did: that is no reason to end the call. */
  flowClosed(flow: Flow): void {
    if (this.#offered?.flow === flow) this.#settle(false);
    if (this.#confirmed && this.#acceptance?.flow === flow) this.#accepted();
  }

  /** BYE follows: no 2xx may stay without its ACK (RFC 3261 §13.2.2.4). */
  leave(): void {
    if (this.#owesAnswer) this.#acknowledge(undefined);
  }

  /** Whatever waits for a response gets one (RFC 3261 §15.1.2). */
  close(): void {
    this.#offered?.respond({ status: 487 });
    this.#offered = undefined;
    this.#acceptance?.stop();
    this.#cancelRetry?.();
    this.#stopWaiting?.();
    this.#state = stable;
  }

  /** 200 with our SDP, if any; to an INVITE until its ACK comes. */
  answer(transaction: ServerTransaction, sdp: string, fields: readonly HeaderField[] = []): void {
    const { clock } = this.#context;
    const contact = this.#context.contact(transaction.flow);
    const { request } = transaction;
    const terms = this.#refresh.answer(request);
    const { labels } = this.#host;
    const response: OutgoingResponse = {
      status: 200,
      toTag: this.#peer.dialog.localTag,
      fields: [contact, ALLOW, SUPPORTED, ...terms, ...labels, ...fields, ...(sdp === '' ? [] : [SDP])],
      body: sdp,
    };
    if (sdp !== '') this.#localSdp = sdp;
    if (request.method !== 'INVITE') {
      transaction.respond(response);
      return;
    }
    this.#acceptance?.stop();
    this.#acceptance = new Acceptance(clock, transaction, response, () => {
      this.#host.happen({ kind: 'unacknowledged' });
    });
  }

  /** The first INVITE has its 2xx. */
  settled(): void {
    this.#settle(true);
  }

  acknowledged(ack: SipRequest): void {
    if (this.#acceptance?.sequence !== cseqOf(ack).number) return;
    this.#confirmed = true;
    this.#host.happen({ kind: 'acknowledged' });
    this.#accepted();
  }

  /** The peer gave up a re-INVITE that the call has not decided about. */
  cancelled(transaction: ServerTransaction): void {
    if (transaction !== this.#offered) return;
    transaction.respond({ status: 487 });
    this.#settle(false);
  }

  /** The peer's re-INVITE or UPDATE. */
  received(transaction: ServerTransaction, method: 'INVITE' | 'UPDATE'): void {
    const sdp = sdpIn(transaction.request);
    if (sdp !== '') this.#apply({ kind: 'peer-offered', method }, transaction);
    else if (method === 'INVITE') this.#apply({ kind: 'peer-asked' }, transaction);
    else this.answer(transaction, '');
  }

  get #owesAnswer(): boolean {
    return this.#state.exchange.kind === 'answer-due';
  }

  #accepted(): void {
    this.#acceptance?.stop();
    this.#acceptance = undefined;
    this.#apply({ kind: 'acknowledged' });
  }

  #settle(accepted: boolean): void {
    this.#offered = undefined;
    this.#apply({ kind: 'settled', accepted });
  }

  #acknowledge(answer: string | undefined): void {
    this.#localSdp = answer ?? this.#localSdp;
    this.#peer.acknowledge(this.#inviteSequence, answer);
  }

  #apply(event: Event, transaction?: ServerTransaction): void {
    const [state, effects] = step(this.#state, event);
    this.#state = state;
    for (const effect of effects) this.#perform(effect, transaction);
  }

  #perform(effect: Effect, transaction: ServerTransaction | undefined): void {
    switch (effect.kind) {
      case 'send':
        this.#send(effect.turn);
        return;
      case 'arm-retry':
        this.#retryAfter(retryDelay(effect.crossed, this.#peer.dialog.role, this.#context.random));
        return;
      case 'disarm-retry':
        this.#cancelRetry?.();
        return;
      case 'report-answer':
        this.#host.report({ kind: 'offer-answered', sdp: effect.sdp });
        return;
      case 'report-offer':
        this.#host.report({ kind: 'offer-made', sdp: effect.sdp });
        return;
      case 'report-refusal':
        this.#host.report({ kind: 'offer-refused', status: effect.status });
        return;
      case 'present':
        if (transaction !== undefined) this.#present(transaction);
        return;
      case 'offer-again':
        if (transaction !== undefined) this.#offerAgain(transaction);
        return;
      case 'refuse-peer':
        transaction?.respond({
          status: effect.status,
          fields: effect.status === 500 ? [retryAfter(this.#context.random)] : [],
        });
        return;
      default:
        assertNever(effect);
    }
  }

  #retryAfter(delayMs: number): void {
    this.#cancelRetry = this.#context.clock.after(delayMs, () => {
      this.#apply({ kind: 'retry' });
    });
  }

  #present(transaction: ServerTransaction): void {
    const { request } = transaction;
    const method = request.method === 'INVITE' ? 'INVITE' : 'UPDATE';
    this.#offered = transaction;
    if (method === 'INVITE') transaction.respond({ status: 100 });
    this.#host.report({ kind: 'offered', sdp: sdpIn(request), method });
  }

  /** The answer will come in the ACK and be the peer's previous one: it is not passed on. */
  #offerAgain(transaction: ServerTransaction): void {
    if (this.#localSdp !== undefined) {
      this.answer(transaction, this.#localSdp);
      return;
    }
    transaction.respond({ status: 488 });
    this.#apply({ kind: 'acknowledged' });
  }

  #send(turn: Turn): void {
    const fields = [this.#peer.contact, ALLOW, SUPPORTED, ...this.#refresh.ask(), ...this.#host.labels];
    const sdp = turn.kind === 'offer' ? turn.sdp : undefined;
    this.#stopWaiting?.();
    this.#stopWaiting = this.#context.clock.after(LONGEST_ANSWER_MS, () => {
      this.#refused(408);
    });
    this.#inviteSequence = this.#peer.send('INVITE', sdp === undefined ? fields : [...fields, SDP], sdp, {
      final: (response) => {
        this.#stopWaiting?.();
        if (response.status >= 300) this.#refused(isPassing(response) ? 491 : response.status);
        else this.#answered(turn, response);
      },
      failed: (cause) => {
        this.#stopWaiting?.();
        if (cause === 'timeout') this.#refused(408);
        else this.#apply({ kind: 'unsendable', flowOpen: this.#host.target.flow.open });
      },
    });
  }

  #answered(turn: Turn, response: SipResponse): void {
    if (this.#state.exchange.kind !== 'offering' || this.#state.exchange.turn !== turn) {
      // Its ACK was lost, or the leg is over; one that waits for the call's answer cannot be sent yet.
      if (!this.#owesAnswer) this.#peer.acknowledgeAgain(cseqOf(response).number);
      return;
    }
    const sdp = sdpIn(response);
    this.#peer.heard(response);
    this.#refresh.settle(response);
    if (turn.kind === 'offer') this.#localSdp = turn.sdp;
    if (turn.kind === 'offer' || sdp === '') this.#acknowledge(undefined);
    this.#apply(sdp === '' ? { kind: 'refused', status: 488 } : { kind: 'answered', sdp });
  }

  /** 481 and silence end the dialog, not only this exchange (RFC 3261 §12.2.1.2). */
  #refused(status: number): void {
    this.#apply({ kind: 'refused', status });
    if (status === 408 || status === 481) this.#host.happen({ kind: 'gone' });
  }
}
