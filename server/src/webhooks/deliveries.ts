import type { OrganizationId, WebhookOff } from '@perch/shared';
import { backOff } from '../world/back-off.ts';
import type { Chance } from '../world/chance.ts';
import type { Clock } from '../world/clock.ts';
import { bodyOf, type Told } from './events.ts';
import type { Post, Posted, StoredWebhook, WebhookJournal, WebhookMessage, WebhookStore } from './ports.ts';
import { signatureHeaders } from './signature.ts';

/** How often it is looked for what has happened, and for what is due (milliseconds). */
const LOOK_MS = 2_000;
/** Messages to one webhook that are under way at once; to one that fails, one. */
const AT_ONCE = 8;
/** A message is tried for so long, and a webhook that fails for so long is turned off (milliseconds). */
const GIVE_UP_MS = 3 * 24 * 3_600_000;
/** For how long messages that are over can be looked at (milliseconds). */
const KEPT_MS = 7 * 24 * 3_600_000;
/** More do not wait for one webhook. */
const MOST_WAITING = 10_000;
const GONE = 410;

export interface DeliveryPorts {
  readonly store: WebhookStore;
  readonly post: Post;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly journal: WebhookJournal;
  /** A webhook was turned off by itself: for the audit, and for the administrators. */
  readonly turnedOff: (webhook: StoredWebhook, why: WebhookOff) => Promise<void>;
}

/** A message about something. */
export const messageOf = (told: Told, at: number, chance: Chance): WebhookMessage => ({
  id: `msg_${chance.id()}`,
  body: bodyOf(told),
  ...{ at, attempts: 0 },
});

/**
 * Makes messages of what has happened, and delivers them: at least once, under one id, over restarts. Where an organization has no webhook that is
 * on, nothing is read; where nobody has any, nothing is done at all until `wake`.
 */
export class WebhookDeliveries {
  readonly #ports: DeliveryPorts;
  readonly #stop = new AbortController();
  #cancel: () => void = () => undefined;
  #working: Promise<void> | undefined;
  #isAsked = false;
  /** The webhooks that are being worked off: each on its own, so that a slow one holds up nobody else's. */
  readonly #busy = new Map<string, Promise<void>>();

  constructor(ports: DeliveryPorts) {
    this.#ports = ports;
  }

  /** There may be something to do. */
  wake(): void {
    if (this.#stop.signal.aborted) return;
    this.#cancel();
    if (this.#working) {
      this.#isAsked = true;
      return;
    }
    this.#isAsked = false;
    this.#working = this.#look().then((goesOn) => {
      this.#working = undefined;
      if (this.#isAsked) this.wake();
      else if (goesOn) this.#cancel = this.#ports.clock.after(LOOK_MS, () => this.wake());
    });
  }

  /** Messages that are under way stay, and are sent again after the next start. */
  async close(): Promise<void> {
    this.#stop.abort();
    this.#cancel();
    await this.#working;
    await Promise.all(this.#busy.values());
  }

  /** @returns whether there is any webhook. */
  async #look(): Promise<boolean> {
    const { store, journal } = this.#ports;
    try {
      const webhooks = await store.all();
      const organizations = new Set(
        webhooks.filter(({ off }) => off === null).map((each) => each.organization),
      );
      for (const organization of organizations) await this.#collect(organization);
      for (const { organization } of webhooks)
        if (!organizations.has(organization)) await store.stopCollecting(organization);
      for (const { id } of webhooks) this.#begin(id);
      return webhooks.length > 0;
    } catch (error) {
      journal.broken(error);
      return true;
    }
  }

  async #collect(organization: OrganizationId): Promise<void> {
    const { store, clock, chance } = this.#ports;
    const message = (_: StoredWebhook, told: Told): WebhookMessage => messageOf(told, clock.now(), chance);
    while (!this.#stop.signal.aborted && (await store.collect(organization, message)));
  }

  #begin(id: string): void {
    if (this.#busy.has(id) || this.#stop.signal.aborted) return;
    const done = this.#workOff(id)
      .catch((error: unknown) => this.#ports.journal.broken(error))
      .finally(() => this.#busy.delete(id));
    this.#busy.set(id, done);
  }

  async #workOff(id: string): Promise<void> {
    const { store, clock } = this.#ports;
    await store.forgetOlderThan(id, clock.now() - KEPT_MS);
    while (!this.#stop.signal.aborted) {
      // As it is by now: its secret may have been replaced meanwhile.
      const webhook = await store.find(id);
      if (webhook === undefined) return;
      if (webhook.off === null && (await store.waiting(id)) > MOST_WAITING)
        return this.#turnOff(webhook, 'too-many-waiting');
      const due = await store.due(id, clock.now(), webhook.failingSince === null ? AT_ONCE : 1);
      if (due.length === 0) return;
      const results = await Promise.all(due.map((message) => this.#send(webhook, message)));
      // One that fails is left alone until the next look.
      if (results.some((result) => result !== 'delivered')) return;
    }
  }

  async #send(webhook: StoredWebhook, message: WebhookMessage): Promise<'delivered' | 'failed' | 'over'> {
    const { store, clock, chance, journal } = this.#ports;
    const posted = await this.#post(webhook, message);
    if (this.#stop.signal.aborted) return 'over';
    const at = clock.now();
    const { id } = message;
    const [status, answer] = posted.kind === 'answered' ? [posted.status, posted.answer] : [null, posted.why];
    if (isDelivered(posted)) {
      await store.tried(id, { at, state: 'delivered', nextAt: null, status, answer });
      if (webhook.failingSince !== null) await store.setFailing(webhook.id, null);
      journal.delivered(webhook.id);
      return 'delivered';
    }
    journal.failed(webhook.id, status);
    const isLast = status === GONE || at - message.at >= GIVE_UP_MS;
    const nextAt = isLast ? null : at + backOff(message.attempts + 1, chance.fraction());
    await store.tried(id, { at, state: isLast ? 'failed' : 'waiting', nextAt, status, answer });
    const since = webhook.failingSince ?? at;
    if (webhook.failingSince === null) await store.setFailing(webhook.id, since);
    const why = status === GONE ? 'gone' : at - since >= GIVE_UP_MS ? 'failing' : undefined;
    if (why === undefined || webhook.off !== null) return 'failed';
    await this.#turnOff(webhook, why);
    return 'over';
  }

  #post(webhook: StoredWebhook, { id, body }: WebhookMessage): Promise<Posted> {
    const { post, clock } = this.#ports;
    const now = clock.now();
    const { secret, oldSecret } = webhook;
    const secrets = oldSecret !== null && oldSecret.until > now ? [secret, oldSecret.secret] : [secret];
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'Perch',
      ...signatureHeaders({ id, timestamp: Math.floor(now / 1_000), body }, secrets),
    };
    return post(new URL(webhook.url), headers, body, this.#stop.signal);
  }

  async #turnOff(webhook: StoredWebhook, why: WebhookOff): Promise<void> {
    const { store, clock, journal, turnedOff } = this.#ports;
    await store.turnOff(webhook.id, clock.now(), why);
    journal.turnedOff(webhook.id, why);
    await turnedOff(webhook, why);
  }
}

const isDelivered = (posted: Posted): boolean =>
  posted.kind === 'answered' && posted.status >= 200 && posted.status < 300;
