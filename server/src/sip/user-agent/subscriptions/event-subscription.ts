import { assertNever } from '@perch/shared';
import { advanced, isOfDialog, received, requestFields } from '../../dialog/dialog.ts';
import type { Dialog } from '../../dialog/dialog.ts';
import type { SipRequest } from '../../message/message.ts';
import type { ClientTransactionUser, ServerTransaction } from '../../transaction/transaction-layer.ts';
import type { Flow } from '../../transport/flow.ts';
import type { LegContext } from '../leg-context.ts';
import { step } from '../machines/subscription-life.ts';
import type { Effect, Event, NotifyResult, State } from '../machines/subscription-life.ts';
import { subscribeRequestOf } from './subscribe-request.ts';
import type { SubscribeRequest } from './subscribe-request.ts';
import type { EventSource, Subscription } from './subscription.ts';

/** What a subscription needs of its user agent. */
export type SubscriptionContext = Pick<LegContext, 'transactions' | 'clock' | 'contact' | 'fault'>;

/** Keeps the list of subscriptions. */
export interface SubscriptionKeeper {
  /** Its subscriber is on another flow now. */
  moved(subscription: EventSubscription, from: Flow): void;
  over(subscription: EventSubscription, last: NotifyResult): void;
}

/** One subscription and its dialog (RFC 6665 §4.2, §4.4). The life machine decides when to notify, the source what to send. */
export class EventSubscription implements Subscription {
  readonly source: EventSource;
  readonly #context: SubscriptionContext;
  readonly #keeper: SubscriptionKeeper;
  readonly #asked: SubscribeRequest;
  #dialog: Dialog;
  #flow: Flow;
  #life: State = { kind: 'confirmed' };
  /** On the monotonic clock, in milliseconds. */
  #expiresAt = 0;
  #stopTimer: () => void = () => undefined;
  /** Counts our NOTIFYs: only the outcome of the last one matters. */
  #notifies = 0;

  constructor(
    context: SubscriptionContext,
    keeper: SubscriptionKeeper,
    dialog: Dialog,
    flow: Flow,
    asked: SubscribeRequest,
    source: EventSource,
  ) {
    this.#context = context;
    this.#keeper = keeper;
    this.#dialog = dialog;
    this.#flow = flow;
    this.#asked = asked;
    this.source = source;
  }

  /** Our tag. */
  get id(): string {
    return this.#dialog.localTag;
  }

  get flow(): Flow {
    return this.#flow;
  }

  owns(request: SipRequest): boolean {
    return isOfDialog(this.#dialog, request);
  }

  /** JsSIP answers 481 to a NOTIFY that overtakes the 200: that goes first (RFC 6665 §4.2.1.2). */
  accept(transaction: ServerTransaction, { seconds }: SubscribeRequest): void {
    const from = this.#flow;
    transaction.respond({
      status: 200,
      toTag: this.id,
      fields: [this.#context.contact(transaction.flow), ['Expires', String(seconds)]],
    });
    this.#stopTimer();
    this.#flow = transaction.flow;
    if (from !== this.#flow) this.#keeper.moved(this, from);
    if (seconds === 0) {
      this.#happen('expired');
      return;
    }
    const { clock } = this.#context;
    this.source.renewed?.();
    this.#expiresAt = clock.monotonic() + seconds * 1000;
    this.#stopTimer = clock.after(seconds * 1000, () => {
      this.#happen('expired');
    });
    this.#happen(from === this.#flow ? 'subscribed' : 'moved');
  }

  /** A request of the subscriber within the dialog. No other usage shares it (RFC 6665 §4.5.2). */
  receive(transaction: ServerTransaction): void {
    const { request } = transaction;
    const dialog = received(this.#dialog, request);
    if (dialog === undefined) {
      transaction.respond({ status: 500, reason: 'CSeq Out Of Order' });
      return;
    }
    this.#dialog = dialog;
    if (request.method !== 'SUBSCRIBE' || this.#life.kind === 'leaving') {
      transaction.respond({ status: 481 });
      return;
    }
    const asked = subscribeRequestOf(request, this.#asked.event);
    if (asked.kind === 'refused') transaction.respond(asked.response);
    else if (asked.field[1] !== this.#asked.field[1]) transaction.respond({ status: 481 });
    else this.accept(transaction, asked);
  }

  changed(): void {
    this.#happen('changed');
  }

  close(): void {
    this.#happen('closed');
  }

  #happen(event: Event): void {
    const [state, effects] = step(this.#life, event);
    this.#life = state;
    for (const effect of effects) this.#perform(effect);
  }

  #perform(effect: Effect): void {
    switch (effect.kind) {
      case 'notify': {
        const seconds = Math.max(0, Math.ceil((this.#expiresAt - this.#context.clock.monotonic()) / 1000));
        this.#notify(`active;expires=${String(seconds)}`);
        return;
      }
      case 'notify-last':
        this.#notify('terminated;reason=timeout');
        return;
      case 'release':
        this.#stopTimer();
        this.#keeper.over(this, effect.last);
        return;
      default:
        assertNever(effect);
    }
  }

  /** A source's mistake costs this subscription only. */
  #notify(state: string): void {
    try {
      this.#send(state, this.source.state(this.#flow));
    } catch (error) {
      this.#context.fault(error);
      this.close();
    }
  }

  #send(state: string, body: string): void {
    const { event, field } = this.#asked;
    this.#dialog = advanced(this.#dialog);
    const request = {
      method: 'NOTIFY',
      uri: this.#dialog.remoteTarget,
      fields: [
        ...requestFields(this.#dialog, 'NOTIFY'),
        this.#context.contact(this.#flow),
        field,
        ['Subscription-State', state] as const,
        ['Content-Type', event.contentType] as const,
      ],
      body,
    };
    this.#context.transactions.send(this.#flow, request, this.#outcome(++this.#notifies));
  }

  /** A refusal with Retry-After ends it too: the phone can subscribe again (RFC 6665 §4.2.2 would wait). */
  #outcome(notify: number): ClientTransactionUser {
    const happen = (event: Event) => {
      if (notify === this.#notifies) this.#happen(event);
    };
    return {
      final: ({ status }) => {
        happen(status < 300 ? 'accepted' : 'failed');
      },
      failed: () => {
        happen('failed');
      },
    };
  }
}
