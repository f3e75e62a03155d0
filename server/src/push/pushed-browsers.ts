import { createECDH } from 'node:crypto';
import type { CallNotice, TerminalId } from '@perch/shared';
import { MultiMap } from '../collections/multi-map.ts';
import { isWithin, paidUntil, type Rate } from '../collections/message-budget.ts';
import type { PushablePhone, PushMessages } from '../exchange/call/pushed/ports.ts';
import type { Chance } from '../world/chance.ts';
import type { Clock } from '../world/clock.ts';
import type { Deliver, PushMessage } from './delivery.ts';
import type { KeyPair, PushJournal, PushOutcome, PushStore, PushSubscription } from './ports.ts';

/** Browsers of one terminal that take push messages, as many as can be registered on it; one more replaces the oldest. */
const MOST_BROWSERS = 10;
/** Calls of one caller of which a browser is told: somebody who tries again and again stays below. Of its end each is told as well. */
const RATE: Rate = { perSecond: 0.1, burst: 10 };
/** Callers of a browser that are remembered before those are forgotten who have paid. */
const MANY_CALLERS = 100;

interface PushPorts {
  readonly store: PushStore;
  readonly clock: Clock;
  readonly chance: Pick<Chance, 'bytes'>;
  readonly journal: PushJournal;
  /** Is a browser with a token of this hash still a phone? */
  readonly isPhone: (token: Buffer) => boolean;
  /** Can that be the address of a push service? */
  readonly isService: (endpoint: string) => boolean;
}

/** A subscription, and until when the calls of each caller are paid for (milliseconds, monotonic). */
interface Known {
  readonly subscription: PushSubscription;
  readonly paid: Map<string, number>;
}

/** The browsers that take push messages, in memory and in storage. They do as long as their token is valid, which is asked each time. */
export class PushedBrowsers implements PushMessages {
  /** What browsers subscribe with (RFC 8292 §4). */
  readonly publicKey: string;
  readonly #ports: PushPorts;
  readonly #deliver: Deliver;
  readonly #known = new MultiMap<TerminalId, Known>();

  private constructor(ports: PushPorts, publicKey: string, deliver: Deliver) {
    this.#ports = ports;
    this.publicKey = publicKey;
    this.#deliver = deliver;
  }

  /** Makes the key at the first start: with another one, no browser would be reached any more. */
  static async open(ports: PushPorts, delivery: (key: KeyPair) => Deliver): Promise<PushedBrowsers> {
    const kept = await ports.store.key();
    const key = kept ?? newKey(ports.chance);
    if (kept === undefined) await ports.store.setKey(key);
    const browsers = new PushedBrowsers(ports, key.publicKey, delivery(key));
    for (const subscription of await ports.store.all())
      browsers.#known.add(subscription.terminal, { subscription, paid: new Map() });
    return browsers;
  }

  isPushService(endpoint: string): boolean {
    return this.#ports.isService(endpoint);
  }

  endpointOf(terminal: TerminalId, browser: Buffer): string | undefined {
    return this.#find(terminal, browser)?.subscription.endpoint;
  }

  /** From now on the browser is told of calls; in place of what it, or the same phone with an earlier token, has said before. */
  async subscribe(subscription: PushSubscription): Promise<void> {
    const { terminal, browser } = subscription;
    // Its token may have been revoked meanwhile.
    if (!(await this.#ports.store.put(subscription))) return;
    this.#forget(terminal, browser);
    for (const { subscription: earlier } of [...this.#known.of(terminal)])
      if (earlier.instance === subscription.instance) await this.unsubscribe(terminal, earlier.browser);
    const [oldest, ...others] = this.#known.of(terminal);
    if (oldest !== undefined && others.length + 1 >= MOST_BROWSERS)
      await this.unsubscribe(terminal, oldest.subscription.browser);
    this.#known.add(terminal, { subscription, paid: new Map() });
  }

  async unsubscribe(terminal: TerminalId, browser: Buffer): Promise<void> {
    await this.#ports.store.delete(browser);
    this.#forget(terminal, browser);
  }

  phonesAt(terminal: TerminalId): readonly PushablePhone[] {
    const known = this.#known.of(terminal);
    return known.length === 0
      ? NO_PHONES
      : known
          .map(({ subscription }) => subscription)
          .filter(({ browser }) => this.#ports.isPhone(browser))
          .map(({ instance }) => ({ terminal, instance }));
  }

  async send({ terminal, instance }: PushablePhone, notice: CallNotice, caller: string): Promise<boolean> {
    const known = this.#known.of(terminal).find(({ subscription }) => subscription.instance === instance);
    if (known === undefined || !this.#ports.isPhone(known.subscription.browser)) return false;
    const { journal } = this.#ports;
    const { host } = new URL(known.subscription.endpoint);
    if (notice.kind === 'rings' && !this.#pays(known, caller)) {
      journal.sent('held-back', host);
      return false;
    }
    const { outcome, error } = await this.#deliver(known.subscription, messageOf(notice));
    journal.sent(outcome, host, error);
    if (isUseless(outcome))
      await this.unsubscribe(terminal, known.subscription.browser).catch((failure: unknown) => {
        journal.failed(failure);
      });
    return outcome === 'taken';
  }

  #pays({ paid: all }: Known, caller: string): boolean {
    const now = this.#ports.clock.monotonic();
    const paid = paidUntil(RATE, all.get(caller) ?? 0, now);
    if (!isWithin(RATE, paid, now)) return false;
    if (all.size >= MANY_CALLERS) for (const [each, until] of all) if (until <= now) all.delete(each);
    all.set(caller, paid);
    return true;
  }

  #find(terminal: TerminalId, browser: Buffer): Known | undefined {
    return this.#known.of(terminal).find(({ subscription }) => subscription.browser.equals(browser));
  }

  #forget(terminal: TerminalId, browser: Buffer): void {
    const known = this.#find(terminal, browser);
    if (known !== undefined) this.#known.delete(terminal, known);
  }
}

/** A key of P-256 (RFC 8292 §2). */
function newKey(chance: Pick<Chance, 'bytes'>): KeyPair {
  const pair = createECDH('prime256v1');
  // Of 2^32 numbers, about one is none of the curve.
  for (;;) {
    const number = chance.bytes(32);
    try {
      pair.setPrivateKey(number);
      return { publicKey: pair.getPublicKey('base64url'), privateKey: number.toString('base64url') };
    } catch {
      continue;
    }
  }
}

const NO_PHONES: readonly PushablePhone[] = [];

/** Nobody takes messages there any more; or the push service takes none of ours for it, with this key or at all. */
const isUseless = (outcome: PushOutcome): boolean => outcome === 'gone' || outcome === 'refused';

/** A ring is worth nothing once the call has gone on; who has called, until the next day. */
function messageOf(notice: CallNotice): PushMessage {
  const text = JSON.stringify(notice);
  const topic = topicOf(notice);
  if (notice.kind === 'rings') return { text, topic, ttl: 10, urgency: 'high' };
  return { text, topic, ttl: notice.why === 'missed' ? 86_400 : 60, urgency: 'normal' };
}

/** At most 32 characters of base64url (RFC 8030 §5.4); ids of calls are UUIDs. Two phones in one browser may be told of the same call. */
const topicOf = ({ phone, call }: CallNotice): string => `${phone}-${call.replaceAll('-', '')}`.slice(0, 32);
