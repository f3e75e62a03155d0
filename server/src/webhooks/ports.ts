import type { OrganizationId, WebhookDelivery, WebhookEvent, WebhookOff } from '@perch/shared';
import type { Told } from './events.ts';

export interface StoredWebhook {
  readonly id: string;
  readonly organization: OrganizationId;
  readonly name: string;
  readonly url: string;
  readonly events: readonly WebhookEvent[];
  readonly secret: Buffer;
  /** The one before, and until when it signs, too. */
  readonly oldSecret: { readonly secret: Buffer; readonly until: number } | null;
  readonly madeAt: number;
  readonly madeBy: string;
  readonly off: { readonly since: number; readonly why: WebhookOff } | null;
  readonly failingSince: number | null;
}

/** A message, as it is to be sent. */
export interface WebhookMessage {
  readonly id: string;
  readonly body: string;
  readonly at: number;
  readonly attempts: number;
}

/** What came of an attempt. */
export interface Attempt {
  readonly at: number;
  readonly state: WebhookDelivery['state'];
  /** When it is tried again; `null` for never. */
  readonly nextAt: number | null;
  readonly status: number | null;
  readonly answer: string | null;
}

/** Webhooks and the messages that wait for them, over restarts. Each change is durable when its promise resolves. */
export interface WebhookStore {
  /** Of all organizations. */
  all(): Promise<readonly StoredWebhook[]>;
  of(organization: OrganizationId): Promise<readonly StoredWebhook[]>;
  find(id: string): Promise<StoredWebhook | undefined>;
  /** What happens from then on is collected, if it is on. */
  insert(webhook: StoredWebhook): Promise<void>;
  update(webhook: StoredWebhook): Promise<void>;
  /** Since when every attempt has failed. */
  setFailing(id: string, since: number | null): Promise<void>;
  /** Nothing is sent from now on: what waits has failed. */
  turnOff(id: string, since: number, why: WebhookOff): Promise<void>;
  /** With its messages. */
  delete(id: string): Promise<void>;
  /**
   * Makes messages of what has happened in an organization since it was last asked, for the webhooks that are on: in one transaction with how far
   * that is, so that each is made once, whatever happens. Without a webhook that was on, nothing.
   * @returns whether there may be more.
   */
  collect(
    organization: OrganizationId,
    messages: (webhook: StoredWebhook, told: Told) => WebhookMessage,
  ): Promise<boolean>;
  /** What happens from now on is not collected until that is asked for again. */
  stopCollecting(organization: OrganizationId): Promise<void>;
  add(webhook: string, event: string, message: WebhookMessage): Promise<void>;
  /** Those that are due, the oldest first. */
  due(webhook: string, now: number, most: number): Promise<readonly WebhookMessage[]>;
  /** `undefined` where the webhook has no such message. */
  message(webhook: string, id: string): Promise<WebhookMessage | undefined>;
  tried(id: string, attempt: Attempt): Promise<void>;
  /** It is due at that time. */
  again(id: string, at: number): Promise<void>;
  /** The latest first. */
  deliveries(webhook: string, most: number): Promise<readonly WebhookDelivery[]>;
  waiting(webhook: string): Promise<number>;
  /** Forgets what is over, of before then. */
  forgetOlderThan(webhook: string, instant: number): Promise<void>;
}

/** The answer to a message, or why there was none. */
export type Posted =
  | { readonly kind: 'answered'; readonly status: number; readonly answer: string }
  | { readonly kind: 'failed'; readonly why: string };

/** Posts a message to an address. It never rejects. */
export type Post = (
  url: URL,
  headers: Readonly<Record<string, string>>,
  body: string,
  signal: AbortSignal,
) => Promise<Posted>;

export interface WebhookJournal {
  delivered(webhook: string): void;
  /** `null`: there was no answer. */
  failed(webhook: string, status: number | null): void;
  /** A webhook is off from now on, by itself. */
  turnedOff(webhook: string, why: WebhookOff): void;
  /** A bug of ours. */
  broken(error: unknown): void;
}
