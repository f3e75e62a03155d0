import type {
  Facts,
  NewWebhook,
  OrganizationId,
  WebhookChange,
  WebhookDelivery,
  WebhookView,
} from '@perch/shared';
import { Refusal } from '../management/refusal.ts';
import type { StoredPerson } from '../management/repositories.ts';
import type { World } from '../world/world.ts';
import { messageOf, type WebhookDeliveries } from './deliveries.ts';
import type { StoredWebhook, WebhookStore } from './ports.ts';
import { newSecret, shownSecret } from './signature.ts';
import { type Allows, refusalOf } from './targets.ts';

/** How long the secret before the last one still signs, too (milliseconds). */
const OLD_SECRET_MS = 24 * 3_600_000;
/** Of one organization. */
const MOST = 20;
/** Messages that are shown. */
const SHOWN = 50;

interface WebhookPorts {
  readonly store: WebhookStore;
  readonly deliveries: Pick<WebhookDeliveries, 'wake'>;
  /** Inner networks to which messages may go. */
  readonly allows: Allows | undefined;
  readonly world: World;
}

/** A webhook with its secret, which is shown this once. */
interface WithSecret {
  readonly webhook: WebhookView;
  readonly secret: string;
}

/** What administrators do with the webhooks of their organization. */
export class Webhooks {
  readonly #ports: WebhookPorts;

  constructor(ports: WebhookPorts) {
    this.#ports = ports;
  }

  async all(organization: OrganizationId): Promise<WebhookView[]> {
    const webhooks = await this.#ports.store.of(organization);
    return Promise.all(webhooks.map((webhook) => this.#viewOf(webhook)));
  }

  async find(organization: OrganizationId, id: string): Promise<StoredWebhook | Refusal> {
    const webhooks = await this.#ports.store.of(organization);
    return webhooks.find((webhook) => webhook.id === id) ?? NO_SUCH_WEBHOOK;
  }

  async create(
    { organization, email }: StoredPerson,
    { name, url, events }: NewWebhook,
  ): Promise<WithSecret | Refusal> {
    const { store, world } = this.#ports;
    if ((await store.of(organization)).length >= MOST) return TOO_MANY;
    const refused = this.#refusal(url);
    if (refused) return refused;
    const webhook: StoredWebhook = {
      ...{ id: world.chance.id(), organization, name, url, events: [...new Set(events)] },
      ...{ secret: newSecret(world.chance), oldSecret: null, madeAt: world.clock.now(), madeBy: email },
      ...{ off: null, failingSince: null },
    };
    await store.insert(webhook);
    this.#ports.deliveries.wake();
    return { webhook: await this.#viewOf(webhook), secret: shownSecret(webhook.secret) };
  }

  async change(webhook: StoredWebhook, { isOn, ...change }: WebhookChange): Promise<WebhookView | Refusal> {
    const { store, world, deliveries } = this.#ports;
    const refused = change.url === undefined ? undefined : this.#refusal(change.url);
    if (refused) return refused;
    const changed = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
    // An address that was put right is tried again at once.
    const state = isOn === true ? { off: null, failingSince: null } : {};
    const after: StoredWebhook = { ...webhook, ...changed, ...state };
    await store.update(after);
    if (isOn === false && webhook.off === null)
      await store.turnOff(webhook.id, world.clock.now(), 'switched-off');
    deliveries.wake();
    const stored = await this.find(webhook.organization, webhook.id);
    return stored instanceof Refusal ? stored : this.#viewOf(stored);
  }

  async replaceSecret(webhook: StoredWebhook): Promise<WithSecret> {
    const { store, world } = this.#ports;
    const after: StoredWebhook = {
      ...webhook,
      secret: newSecret(world.chance),
      oldSecret: { secret: webhook.secret, until: world.clock.now() + OLD_SECRET_MS },
    };
    await store.update(after);
    return { webhook: await this.#viewOf(after), secret: shownSecret(after.secret) };
  }

  async delete({ id }: StoredWebhook): Promise<void> {
    await this.#ports.store.delete(id);
  }

  async test(webhook: StoredWebhook): Promise<WebhookDelivery | Refusal> {
    const { store, world, deliveries } = this.#ports;
    const now = world.clock.now();
    const told = { type: 'webhook.test', at: now, data: { webhook: webhook.name } } as const;
    const message = messageOf(told, now, world.chance);
    await store.add(webhook.id, told.type, message);
    deliveries.wake();
    return this.#delivery(webhook, message.id);
  }

  async resend(webhook: StoredWebhook, id: string): Promise<WebhookDelivery | Refusal> {
    const { store, world, deliveries } = this.#ports;
    if (!(await store.message(webhook.id, id))) return NO_SUCH_MESSAGE;
    await store.again(id, world.clock.now());
    deliveries.wake();
    return this.#delivery(webhook, id);
  }

  async deliveries({ id }: StoredWebhook): Promise<WebhookDelivery[]> {
    return [...(await this.#ports.store.deliveries(id, SHOWN))];
  }

  async #delivery(webhook: StoredWebhook, id: string): Promise<WebhookDelivery | Refusal> {
    return (await this.deliveries(webhook)).find((delivery) => delivery.id === id) ?? NO_SUCH_MESSAGE;
  }

  #refusal(address: string): Refusal | undefined {
    const why = refusalOf(new URL(address), this.#ports.allows);
    return why === undefined ? undefined : new Refusal('invalid-request', why);
  }

  async #viewOf(webhook: StoredWebhook): Promise<WebhookView> {
    const { id, name, url, events, madeAt, madeBy, off, failingSince, oldSecret } = webhook;
    const { store, world } = this.#ports;
    const until = oldSecret?.until ?? 0;
    return {
      ...{ id, name, url, events: [...events], madeAt, madeBy, off, failingSince },
      oldSecretUntil: until > world.clock.now() ? until : null,
      waiting: await store.waiting(id),
    };
  }
}

/** What the audit says of a webhook: no secret, and of its address the host only, since what follows may be one. PURE. */
export const webhookFacts = ({
  name,
  url,
  events,
  off,
}: Pick<StoredWebhook, 'name' | 'url' | 'events' | 'off'>): Facts => ({
  name,
  host: new URL(url).host,
  events: [...events],
  isOn: off === null,
});

const NO_SUCH_WEBHOOK = new Refusal('not-found', 'There is no such webhook.');
const NO_SUCH_MESSAGE = new Refusal('not-found', 'There is no such message any more.');
const TOO_MANY = new Refusal('invalid-request', `An organization has at most ${String(MOST)} webhooks.`);
