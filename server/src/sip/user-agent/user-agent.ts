import { ReleasingMap } from '../../collections/releasing-map.ts';
import { dialogOfRequest } from '../dialog/dialog.ts';
import { callIdOf, cseqOf, fromOf, toOf } from '../message/essentials.ts';
import type { HeaderField, SipMessage, SipRequest } from '../message/message.ts';
import { warningField } from '../message/fields/warning.ts';
import { createTransactionLayer } from '../transaction/flow-transactions.ts';
import type { ServerTransaction } from '../transaction/transaction-layer.ts';
import type { Clock } from '../../world/clock.ts';
import type { Flow } from '../transport/flow.ts';
import { guardedClock } from '../../world/guarded-clock.ts';
import type { DialogLeg } from './dialog-leg.ts';
import { CallerLeg } from './caller-leg.ts';
import type { DialogSnapshot, InboundLeg, Invitation, Leg, Target } from './leg.ts';
import type { LegContext } from './leg-context.ts';
import { CalledLeg } from './called-leg.ts';
import { type Farewell, type FarewellBook, Farewells } from './farewells.ts';
import { LegsByFlow } from './legs-by-flow.ts';
import { Notifier } from './subscriptions/notifier.ts';
import { sendOutOfDialog } from './out-of-dialog.ts';
import type { OutOfDialogRequest } from './out-of-dialog.ts';
import { OwnContacts } from './own-contact.ts';
import { sdpIn } from './own-fields.ts';
import type { Random } from './random.ts';
import { refusalOf } from './request-checks.ts';
import { RestoredLeg } from './restored-leg.ts';
import type { SubscribeRequest } from './subscriptions/subscribe-request.ts';
import type { EventSource, Subscription } from './subscriptions/subscription.ts';

/** Gives meaning to requests: the exchange. */
export interface UserAgentListener extends FarewellBook {
  /** An INVITE outside of any dialog, with an offer; 100 has gone out (RFC 3261 §8.2.6.1). */
  invited(leg: InboundLeg): void;
  /** Any other request that no leg consumes: REGISTER, OPTIONS, SUBSCRIBE, MESSAGE … Must be answered. */
  requested(transaction: ServerTransaction): void;
  /** May an in-dialog request that came over `flow` act on a dialog whose peer was last seen on `other`? */
  sameAccount(flow: Flow, other: Flow): boolean;
  /** The messages of the leg with that Call-ID say that field from now on. */
  labelled(callId: string, label: HeaderField): void;
  /** An exception of ours that cost one message or one leg. */
  failed(error: unknown): void;
}

/** The SIP user agent of one organization: frames in, legs out. */
export interface UserAgent {
  /** A message of an authenticated flow. */
  receive(flow: Flow, message: SipMessage): void;
  /** The flow is gone: its transactions fail; confirmed legs stay, waiting for `rebind`. */
  flowClosed(flow: Flow): void;
  /** The phone of a flow, dead or not, has come back on another one: BYEs that it has not answered are sent there. */
  flowReplaced(flow: Flow, by: Flow): void;
  /** Sends a BYE that was owed to the phone of that flow before a restart, now or when that flow is replaced. */
  leave(flow: Flow, farewell: Farewell): void;
  /** The flow's account may no longer be used: subscriptions over it end, calls go on. */
  flowBarred(flow: Flow): void;
  /** Is there a leg on that flow? */
  carriesLeg(flow: Flow): boolean;
  invite(invitation: Invitation): Leg;
  /** A confirmed leg, taken up again after a restart. Its target's flow may be closed until `rebind`. */
  restore(snapshot: DialogSnapshot, target: Target): Leg;
  /** Every leg that is not over. */
  legs(): Iterable<Leg>;
  /** Their Call-IDs. */
  callIds(): ReadonlySet<string>;
  /**
   * Answers a SUBSCRIBE that may be accepted, and tells the state: 200, then NOTIFY (RFC 6665 §4.2.1). `undefined` where no
   * subscription results: the state was asked for once, or the request was refused after all.
   */
  subscribe(
    transaction: ServerTransaction,
    asked: SubscribeRequest,
    source: EventSource,
  ): Subscription | undefined;
  /** Sends a request From our domain. `answered` is called once, later, with the final status: 408 for silence, 503 for a dead flow. */
  send(request: OutOfDialogRequest, answered: (status: number) => void): void;
}

interface UserAgentOptions {
  readonly listener: UserAgentListener;
  /** The organization's SIP domain. */
  readonly domain: string;
  readonly clock: Clock;
  readonly random: Random;
}

/** INVITEs of one flow that are not over: far more than a phone has lines, far less than would hurt (503). */
const MOST_LEGS_OF_A_FLOW = 200;
const NO_OFFER = warningField(399, 'An INVITE has to bring an offer');

export function createUserAgent({ listener, domain, clock, random }: UserAgentOptions): UserAgent {
  /** By our tag, which every request within their dialogs has in To. */
  const legs = new ReleasingMap<string, DialogLeg>();
  /** INVITEs that came in, until their leg is over: for CANCEL, and to notice merged requests. */
  const invitations = new ReleasingMap<string, CallerLeg>();
  /** How many of them arrived over each flow. */
  const invitationsOfFlow = new Map<Flow, number>();
  const legsByFlow = new LegsByFlow();
  const contacts = new OwnContacts(domain);
  const safeClock = guardedClock(clock, (error) => {
    listener.failed(error);
  });
  const transactions = createTransactionLayer({
    clock: safeClock,
    random: random.fraction,
    user: { request, ack: acknowledged, cancelled, abandoned },
  });
  const farewells = new Farewells(transactions, safeClock, listener);
  const context: LegContext = {
    transactions,
    clock: safeClock,
    random,
    farewells,
    contact: (flow) => contacts.of(flow),
    uses: (id, flow) => {
      const leg = legs.get(id);
      if (leg !== undefined) legsByFlow.add(leg, flow);
    },
    release,
    labelled: (callId, label) => {
      listener.labelled(callId, label);
    },
    requested: (transaction) => {
      listener.requested(transaction);
    },
    fault: (error) => {
      listener.failed(error);
    },
  };

  const notifier = new Notifier(context);

  function add(leg: DialogLeg): void {
    legs.set(leg.id, leg);
    legsByFlow.add(leg, leg.target.flow);
  }

  function guarded(action: () => void): void {
    try {
      action();
    } catch (error) {
      listener.failed(error);
    }
  }

  function request(transaction: ServerTransaction): void {
    const refusal = refusalOf(transaction.request);
    if (refusal !== undefined) transaction.respond(refusal);
    else if (isWithinDialog(transaction.request)) withinDialog(transaction);
    else outsideDialog(transaction);
  }

  function outsideDialog(transaction: ServerTransaction): void {
    contacts.heard(transaction.request, transaction.flow);
    if (transaction.request.method === 'INVITE') invited(transaction);
    else listener.requested(transaction);
  }

  /** For anyone but the peer itself, a dialog does not exist. */
  function withinDialog(transaction: ServerTransaction): void {
    const { request, flow } = transaction;
    const leg = legOf(request, flow);
    if (leg !== undefined) {
      legsByFlow.add(leg, flow);
      leg.receive(transaction);
      return;
    }
    const subscription = notifier.find(request);
    if (subscription !== undefined && isOfPeer(flow, subscription)) subscription.receive(transaction);
    else transaction.respond({ status: 481 });
  }

  function legOf(message: SipRequest, flow: Flow): DialogLeg | undefined {
    const leg = legs.get(toOf(message).tag ?? '');
    if (leg === undefined || !leg.owns(message)) return undefined;
    return isOfPeer(flow, leg.target) ? leg : undefined;
  }

  const isOfPeer = (flow: Flow, peer: { readonly flow: Flow }): boolean =>
    peer.flow === flow || listener.sameAccount(flow, peer.flow);

  function invited(transaction: ServerTransaction): void {
    const { flow } = transaction;
    const key = invitationKey(transaction.request);
    const dialog = dialogOfRequest(transaction.request, random.token());
    const open = invitationsOfFlow.get(flow) ?? 0;
    if (dialog === undefined) transaction.respond({ status: 400, reason: 'Missing Contact' });
    else if (sdpIn(transaction.request) === '') transaction.respond({ status: 488, fields: [NO_OFFER] });
    // The same request by another way (RFC 3261 §8.2.2.2).
    else if (invitations.has(key)) transaction.respond({ status: 482 });
    else if (open >= MOST_LEGS_OF_A_FLOW) {
      transaction.respond({ status: 503, fields: [['Retry-After', '10']] });
    } else {
      // JsSIP sends no CANCEL before it has seen a provisional response.
      transaction.respond({ status: 100 });
      const leg = new CallerLeg(context, transaction, dialog);
      add(leg);
      invitations.set(key, leg);
      invitationsOfFlow.set(flow, open + 1);
      present(leg);
    }
  }

  function present(leg: CallerLeg): void {
    try {
      listener.invited(leg);
    } catch (error) {
      leg.reject(500);
      listener.failed(error);
    }
  }

  function acknowledged(ack: SipRequest, flow: Flow): void {
    legOf(ack, flow)?.acknowledged(ack);
  }

  function cancelled(transaction: ServerTransaction, cancel: SipRequest): void {
    const leg = isWithinDialog(cancel)
      ? legOf(cancel, transaction.flow)
      : invitations.get(invitationKey(cancel));
    leg?.cancelled(transaction, cancel);
  }

  /** The CANCEL of a re-INVITE does not end the call. Only its branch has been matched so far: the flow must be the call's, too. */
  function abandoned(cancel: SipRequest, flow: Flow): void {
    const leg = isWithinDialog(cancel) ? undefined : invitations.get(invitationKey(cancel));
    if (leg?.origin === flow) leg.abandoned(cancel);
  }

  function release(id: string): void {
    const leg = legs.get(id);
    if (leg === undefined) return;
    legs.delete(id);
    legsByFlow.delete(leg);
    if (!(leg instanceof CallerLeg)) return;
    invitations.delete(invitationKey(leg.request));
    const open = (invitationsOfFlow.get(leg.origin) ?? 1) - 1;
    if (open === 0) invitationsOfFlow.delete(leg.origin);
    else invitationsOfFlow.set(leg.origin, open);
  }

  return {
    receive(flow, message) {
      // Written out, as `guarded` would cost a closure for each message.
      try {
        transactions.receive(flow, message);
      } catch (error) {
        // The transaction layer has answered 500.
        listener.failed(error);
      }
    },
    flowClosed(flow) {
      guarded(() => {
        transactions.flowClosed(flow);
      });
      for (const leg of legsByFlow.take(flow)) leg.flowClosed(flow);
      notifier.flowClosed(flow);
    },
    flowReplaced(flow, by) {
      guarded(() => {
        farewells.replaced(flow, by);
      });
    },
    leave(flow, farewell) {
      farewells.send(flow, farewell);
    },
    flowBarred(flow) {
      notifier.flowClosed(flow);
    },
    carriesLeg: (flow) => legsByFlow.has(flow),
    invite(invitation) {
      const leg = new CalledLeg(context, random.token(), invitation);
      add(leg);
      leg.start();
      return leg;
    },
    restore(snapshot, target) {
      const leg = new RestoredLeg(context, snapshot, target);
      add(leg);
      return leg;
    },
    *legs() {
      for (const leg of legs.values()) if (leg.state !== 'over') yield leg;
    },
    callIds: () =>
      new Set([...legs.values()].filter(({ state }) => state !== 'over').map(({ callId }) => callId)),
    subscribe: (transaction, asked, source) => notifier.subscribe(transaction, asked, source, random.token()),
    send: (outgoing, answered) => {
      sendOutOfDialog(context, `sip:perch@${domain}`, outgoing, answered);
    },
  };
}

/** REGISTER makes and knows no dialog, whatever tags it has. */
function isWithinDialog(request: SipRequest): boolean {
  return toOf(request).tag !== undefined && request.method !== 'REGISTER';
}

/** What an INVITE, its CANCEL and its copies have in common. */
function invitationKey(request: SipRequest): string {
  return `${callIdOf(request)} ${fromOf(request).tag ?? ''} ${String(cseqOf(request).number)}`;
}
