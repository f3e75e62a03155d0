import { ReleasingMap } from '../../../collections/releasing-map.ts';
import { dialogOfRequest } from '../../dialog/dialog.ts';
import { toOf } from '../../message/essentials.ts';
import type { SipRequest } from '../../message/message.ts';
import type { ServerTransaction } from '../../transaction/transaction-layer.ts';
import type { Flow, FlowId } from '../../transport/flow.ts';
import { EventSubscription } from './event-subscription.ts';
import type { SubscriptionContext, SubscriptionKeeper } from './event-subscription.ts';
import type { SubscribeRequest } from './subscribe-request.ts';
import type { EventSource, NotifyResult, Subscription } from './subscription.ts';

/** Subscriptions of one flow: its own lamp, and those of the keys that a desk phone has for colleagues; few enough to be told at once (503). */
const MOST_SUBSCRIPTIONS_OF_A_FLOW = 60;

/** Every subscription to states of ours (RFC 6665 §4.2): which request belongs to which, and which of them a flow's end affects. */
export class Notifier implements SubscriptionKeeper {
  readonly #context: SubscriptionContext;
  /** By our tag, which every request within their dialogs has in To. */
  readonly #subscriptions = new ReleasingMap<string, EventSubscription>();
  readonly #byFlow = new ReleasingMap<FlowId, Set<EventSubscription>>();

  constructor(context: SubscriptionContext) {
    this.#context = context;
  }

  /**
   * Answers a SUBSCRIBE that may be accepted, and tells the state: 200, then NOTIFY. `undefined` where no subscription
   * results: the state was asked for once, or the request was refused. `tag` is ours, of the new dialog.
   */
  subscribe(
    transaction: ServerTransaction,
    asked: SubscribeRequest,
    source: EventSource,
    tag: string,
  ): Subscription | undefined {
    const { request, flow } = transaction;
    const dialog = dialogOfRequest(request, tag);
    if (toOf(request).tag !== undefined) {
      transaction.respond({ status: 403, reason: 'Subscribe Outside Of Dialogs' });
    } else if (dialog === undefined) {
      transaction.respond({ status: 400, reason: 'Missing Contact' });
    } else if ((this.#byFlow.get(flow.id)?.size ?? 0) >= MOST_SUBSCRIPTIONS_OF_A_FLOW) {
      transaction.respond({ status: 503, fields: [['Retry-After', '60']] });
    } else {
      const subscription = new EventSubscription(this.#context, this, dialog, flow, asked, source);
      if (asked.seconds > 0) this.#add(subscription);
      subscription.accept(transaction, asked);
      if (this.#subscriptions.has(tag)) return subscription;
    }
    return undefined;
  }

  /** The subscription to whose dialog a request belongs, regardless of who sent it. */
  find(request: SipRequest): EventSubscription | undefined {
    const subscription = this.#subscriptions.get(toOf(request).tag ?? '');
    return subscription?.owns(request) === true ? subscription : undefined;
  }

  flowClosed(flow: Flow): void {
    for (const subscription of [...(this.#byFlow.get(flow.id) ?? [])]) subscription.close();
  }

  moved(subscription: EventSubscription, from: Flow): void {
    this.#unlink(subscription, from);
    this.#link(subscription);
  }

  over(subscription: EventSubscription, last: NotifyResult): void {
    if (!this.#subscriptions.delete(subscription.id)) return;
    this.#unlink(subscription, subscription.flow);
    try {
      subscription.source.ended(last);
    } catch (error) {
      this.#context.fault(error);
    }
  }

  #add(subscription: EventSubscription): void {
    this.#subscriptions.set(subscription.id, subscription);
    this.#link(subscription);
  }

  #link(subscription: EventSubscription): void {
    const others = this.#byFlow.get(subscription.flow.id);
    if (others === undefined) this.#byFlow.set(subscription.flow.id, new Set([subscription]));
    else others.add(subscription);
  }

  #unlink(subscription: EventSubscription, flow: Flow): void {
    const others = this.#byFlow.get(flow.id);
    if (others?.delete(subscription) === true && others.size === 0) this.#byFlow.delete(flow.id);
  }
}
