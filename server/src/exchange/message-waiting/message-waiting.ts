import type { ExtensionNumber, TerminalId } from '@perch/shared';
import { parseUri } from '../../sip/message/fields/uri.ts';
import type { OutgoingResponse, ServerTransaction } from '../../sip/transaction/transaction-layer.ts';
import type { Flow } from '../../sip/transport/flow.ts';
import { subscribeRequestOf } from '../../sip/user-agent/subscriptions/subscribe-request.ts';
import type {
  EventSource,
  NotifyResult,
  Subscription,
} from '../../sip/user-agent/subscriptions/subscription.ts';
import type { UserAgent } from '../../sip/user-agent/user-agent.ts';
import type { Phones } from '../call/ports.ts';
import { targetOf } from '../numbering/numbering.ts';
import type { Clock } from '../ports.ts';
import type { Binding } from '../registrar/bindings.ts';
import type { Account } from '../registrar/registrar.ts';
import { type LampSource, MESSAGE_SUMMARY, type MessageSummary, messageSummary } from './message-summary.ts';
import { type Phone, PhoneLamps } from './phone-lamps.ts';

interface MessageWaitingOptions {
  /** The organization's SIP domain. */
  readonly domain: string;
  readonly clock: Clock;
  readonly phones: Phones;
  readonly userAgent: Pick<UserAgent, 'subscribe' | 'send'>;
  readonly lamps: LampSource;
}

/** The subscriptions to one terminal's lamp. */
interface Watched {
  readonly watchers: Set<Watcher>;
  /** What they were told last, or will be told next. */
  summary: MessageSummary;
}

/** Subscriptions of one terminal: two for each phone that may be registered on it. */
const MOST_SUBSCRIPTIONS = 20;

/**
 * Message waiting (RFC 3842) for the phones of an organization, by subscription and without. The lamp is that of the extension that
 * speaks through a terminal, looked up when a phone is told.
 */
export class MessageWaiting {
  readonly #options: MessageWaitingOptions;
  readonly #watched = new Map<TerminalId, Watched>();
  readonly #lamps: PhoneLamps;
  /** The domain in the form in which hosts are compared. */
  readonly #host: string;

  constructor(options: MessageWaitingOptions) {
    this.#options = options;
    this.#host = options.domain.toLowerCase();
    this.#lamps = new PhoneLamps({
      ...options,
      summaryOf: (terminal) => this.#summaryOf(terminal),
      hasSubscribed: (terminal, flow) => this.#hasSubscribed(terminal, flow),
    });
  }

  /** The current number of subscriptions and remembered phones. */
  get counts(): { readonly subscriptions: number; readonly phones: number } {
    let subscriptions = 0;
    for (const { watchers } of this.#watched.values()) subscriptions += watchers.size;
    return { subscriptions, phones: this.#lamps.size };
  }

  /** Answers a SUBSCRIBE outside of any subscription, that came over a flow of that account. */
  subscribed(transaction: ServerTransaction, { terminal, number }: Account): void {
    const { request } = transaction;
    const asked = subscribeRequestOf(request, MESSAGE_SUMMARY);
    if (asked.kind === 'refused') {
      transaction.respond(asked.response);
      return;
    }
    const refusal = this.#misdirected(request.uri, number) ?? this.#crowded(terminal);
    if (refusal !== undefined) {
      transaction.respond(refusal);
      return;
    }
    const watcher = new Watcher(
      this.#lamps,
      () => this.#summaryOf(terminal),
      terminal,
      () => {
        this.#unwatch(terminal, watcher);
      },
    );
    watcher.subscription = this.#options.userAgent.subscribe(transaction, asked, watcher);
    if (watcher.subscription !== undefined) this.#watch(terminal, watcher);
  }

  /** A phone has registered for the first time, on another flow, or with another Contact. */
  registered(binding: Binding): void {
    this.#lamps.registered(binding);
  }

  /** A phone has unregistered, or did not come back. */
  gone(binding: Binding): void {
    this.#lamps.gone(binding);
  }

  /** Another extension speaks through the terminal, or the messages of the one that does have changed. Harmless where nothing has. */
  lampChanged(terminal: TerminalId): void {
    const now = this.#summaryOf(terminal);
    const watched = this.#watched.get(terminal);
    if (watched !== undefined && watched.summary.body !== now.body) {
      watched.summary = now;
      for (const { subscription } of [...watched.watchers]) subscription?.changed();
    }
    this.#lamps.changed(terminal, now);
  }

  /** From now on no phone is told anything. */
  close(): void {
    for (const { watchers } of [...this.#watched.values()]) {
      for (const { subscription } of [...watchers]) subscription?.close();
    }
    this.#lamps.close();
  }

  /** A terminal may watch its own lamp only; the answer for any other address does not even say whether there is one. */
  #misdirected(uri: string, number: ExtensionNumber): OutgoingResponse | undefined {
    const address = parseUri(uri);
    if (address?.user === undefined || address.host !== this.#host) return { status: 404 };
    const target = targetOf(address.user, [], number);
    const isOwn = target.kind === 'service' && target.service.name === 'voicemail';
    return isOwn ? undefined : { status: 403 };
  }

  #crowded(terminal: TerminalId): OutgoingResponse | undefined {
    const size = this.#watched.get(terminal)?.watchers.size ?? 0;
    return size < MOST_SUBSCRIPTIONS ? undefined : { status: 503, fields: [['Retry-After', '60']] };
  }

  #watch(terminal: TerminalId, watcher: Watcher): void {
    const watched = this.#watched.get(terminal);
    if (watched !== undefined) watched.watchers.add(watcher);
    else this.#watched.set(terminal, { watchers: new Set([watcher]), summary: this.#summaryOf(terminal) });
  }

  #unwatch(terminal: TerminalId, watcher: Watcher): void {
    const watchers = this.#watched.get(terminal)?.watchers;
    if (watchers?.delete(watcher) === true && watchers.size === 0) this.#watched.delete(terminal);
  }

  #hasSubscribed(terminal: TerminalId, flow: Flow): boolean {
    for (const { subscription } of this.#watched.get(terminal)?.watchers ?? []) {
      if (subscription?.flow === flow) return true;
    }
    return false;
  }

  #summaryOf(terminal: TerminalId): MessageSummary {
    return messageSummary(this.#options.lamps.lamp(terminal), this.#options.domain);
  }
}

/** One subscription to a terminal's lamp, and the phones that it reaches. */
class Watcher implements EventSource {
  subscription: Subscription | undefined;
  readonly #lamps: PhoneLamps;
  readonly #summary: () => MessageSummary;
  readonly #terminal: TerminalId;
  readonly #unwatch: () => void;
  #phones: readonly Phone[] = [];

  constructor(lamps: PhoneLamps, summary: () => MessageSummary, terminal: TerminalId, unwatch: () => void) {
    this.#lamps = lamps;
    this.#summary = summary;
    this.#terminal = terminal;
    this.#unwatch = unwatch;
  }

  state(flow: Flow): string {
    const summary = this.#summary();
    this.#phones = this.#lamps.told(this.#terminal, flow, summary);
    return summary.body;
  }

  /** A phone that has forgotten its subscription must not keep showing an old lamp: it is told by an unsolicited NOTIFY. */
  ended(last: NotifyResult): void {
    this.#unwatch();
    if (last === 'confirmed') return;
    this.#lamps.doubted(this.#phones);
    if (last === 'refused') this.#lamps.changed(this.#terminal, this.#summary());
  }
}
