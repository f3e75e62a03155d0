import type { Dialog } from '../dialog/dialog.ts';
import { isOfDialog } from '../dialog/dialog.ts';
import { snapshotOf } from '../dialog/dialog-snapshot.ts';
import type { DialogSnapshot } from '../dialog/dialog-snapshot.ts';
import type { State as OfferAnswer } from '../dialog/machines/offer-answer.ts';
import { cseqOf } from '../message/essentials.ts';
import type { HeaderField, SipRequest, SipResponse } from '../message/message.ts';
import type { ServerTransaction } from '../transaction/transaction-layer.ts';
import type { Flow } from '../transport/flow.ts';
import { DialogPeer } from './dialog-peer.ts';
import type { DialogHost } from './dialog-peer.ts';
import type { LegContext } from './leg-context.ts';
import type { Reason } from './leg.ts';
import { OfferExchange } from './offers/offer-exchange.ts';
import { ACCEPT, ALLOW, reasonField, reasonIn, SUPPORTED } from './own-fields.ts';
import { ReferSubscriptions } from './subscriptions/refer-subscriptions.ts';
import { SessionRefresh } from './offers/session-refresh.ts';

/** An INVITE dialog at work (RFC 3261 §12.2, §14, §15): the behaviour that all legs share once there is a dialog. */
export class LegDialog {
  readonly offers: OfferExchange;
  readonly #context: LegContext;
  readonly #host: DialogHost;
  readonly #peer: DialogPeer;
  readonly #refresh: SessionRefresh;
  /** Set once there has been a REFER, which few legs ever see. */
  #refers: ReferSubscriptions | undefined;

  constructor(context: LegContext, host: DialogHost, dialog: Dialog, offerAnswer: OfferAnswer) {
    this.#context = context;
    this.#host = host;
    this.#peer = new DialogPeer(context, host, dialog);
    this.#refresh = new SessionRefresh({
      clock: context.clock,
      refresh: () => {
        this.#sendRefresh();
      },
      expire: () => {
        host.happen({ kind: 'session-expired' });
      },
    });
    this.offers = new OfferExchange({ context, host, peer: this.#peer, refresh: this.#refresh }, offerAnswer);
  }

  get dialog(): Dialog {
    return this.#peer.dialog;
  }

  get refers(): ReferSubscriptions {
    return (this.#refers ??= new ReferSubscriptions(this.#peer));
  }

  snapshot(): DialogSnapshot {
    const open = this.#refers?.open ?? [];
    const snapshot = snapshotOf(this.dialog, this.#refresh.agreed);
    return open.length === 0 ? snapshot : { ...snapshot, openRefers: open };
  }

  /** After a restart. */
  resume({ sessionTimer, openRefers }: DialogSnapshot): void {
    this.#refresh.resume(sessionTimer);
    if (openRefers !== undefined) this.refers.resume(openRefers);
  }

  isOf(request: SipRequest): boolean {
    return isOfDialog(this.dialog, request);
  }

  /** The 2xx to our first INVITE, whose offer that was. */
  established(response: SipResponse, offer: string): void {
    this.#refresh.settle(response);
    this.offers.established(offer);
    this.#peer.acknowledge(cseqOf(response).number);
  }

  /** That 2xx once more. */
  repeated(response: SipResponse): void {
    this.#peer.acknowledgeAgain(cseqOf(response).number);
  }

  info(contentType: string, body: string): void {
    this.#peer.tell('INFO', [this.#peer.contact, ['Content-Type', contentType]], body);
  }

  /** Wants no subscription to how it fares (RFC 4488 §4): a peer that reports all the same is answered. */
  refer(uri: string, answered: (status: number) => void): void {
    const fields: readonly HeaderField[] = [
      this.#peer.contact,
      ['Refer-To', `<${uri}>`],
      ['Referred-By', `<${this.dialog.local.uri}>`],
      ['Refer-Sub', 'false'],
    ];
    this.#peer.send('REFER', fields, undefined, {
      final: ({ status }) => {
        if (status === 481) this.#host.happen({ kind: 'gone' });
        answered(status);
      },
      failed: (cause) => {
        answered(cause === 'timeout' ? 408 : 503);
      },
    });
  }

  bye(reason: Reason | undefined): void {
    this.offers.leave();
    this.#peer.leave(reasonField(reason));
  }

  /** The host's target has changed. */
  rebound(): void {
    this.#peer.moved();
    this.offers.rebound();
    this.#probe();
    this.#refers?.rebound();
  }

  flowClosed(flow: Flow): void {
    this.offers.flowClosed(flow);
  }

  close(): void {
    this.offers.close();
    this.#refers?.close();
    this.#refresh.end();
    this.#peer.close();
  }

  /** A request of the peer within the dialog. */
  receive(transaction: ServerTransaction): void {
    const { request } = transaction;
    if (!this.#peer.takes(request)) {
      transaction.respond({ status: 500, reason: 'CSeq Out Of Order' });
      return;
    }
    switch (request.method) {
      case 'INVITE':
      case 'UPDATE':
        this.offers.received(transaction, request.method);
        return;
      case 'BYE':
        transaction.respond({ status: 200 });
        this.#host.happen({ kind: 'peer-ended', ...reasonIn(request) });
        return;
      case 'INFO': {
        transaction.respond({ status: 200 });
        const contentType = request.headers.get('content-type') ?? '';
        this.#host.report({ kind: 'info', contentType, body: request.body });
        return;
      }
      case 'REFER': {
        const event = this.refers.receive(transaction);
        if (event !== undefined) this.#host.report(event);
        return;
      }
      case 'NOTIFY':
        transaction.respond({ status: 200 });
        return;
      case 'OPTIONS':
        transaction.respond({ status: 200, fields: [ALLOW, ACCEPT, SUPPORTED] });
        return;
      default:
        this.#context.requested(transaction);
    }
  }

  /**
   * Asks a peer that is back whether it still has the dialog, which it may have ended while disconnected: then it answers 481.
   * By UPDATE, as JsSIP answers OPTIONS without looking for a dialog; any other answer proves that the dialog exists.
   */
  #probe(): void {
    if (this.dialog.allowsUpdate) this.#sendRefresh();
    else this.#peer.tell('OPTIONS', [this.#peer.contact, ACCEPT]);
  }

  /** By UPDATE without an offer (RFC 3311 §5.1); a peer that does not know it hears of them with our next INVITE. */
  tellLabels(): void {
    if (this.dialog.allowsUpdate) this.#sendRefresh();
  }

  /** By UPDATE where the peer knows it, as that moves no media (RFC 4028 §7.4), else by the previous offer. */
  #sendRefresh(): void {
    if (!this.dialog.allowsUpdate) {
      this.offers.repeat();
      return;
    }
    const fields = [this.#peer.contact, SUPPORTED, ...this.#refresh.ask(), ...this.#host.labels];
    this.#peer.send('UPDATE', fields, undefined, {
      final: (response) => {
        this.#refreshed(response);
      },
      failed: (cause) => {
        // A dead flow may be replaced until the session expires.
        if (cause === 'timeout') this.#host.happen({ kind: 'gone' });
      },
    });
  }

  #refreshed(response: SipResponse): void {
    const { status } = response;
    if (status < 300) {
      this.#peer.heard(response);
      this.#refresh.settle(response);
    } else if (status === 405 || status === 501) {
      this.#peer.refusesUpdate();
      this.offers.repeat();
    } else if (status === 408 || status === 481) {
      this.#host.happen({ kind: 'gone' });
    }
  }
}
