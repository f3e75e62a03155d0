import { Agent, request } from 'node:https';
import { isIP } from 'node:net';
import webPush from 'web-push';
import { guardedLookup, isPublicAddress } from '../network/public-address.ts';
import type { Clock } from '../world/clock.ts';
import type { KeyPair, PushOutcome, PushSubscription } from './ports.ts';

/** How long a push service may take: a caller waits for it (milliseconds). */
const PATIENCE_MS = 5_000;

/** What is sent, and how push services treat it (RFC 8030 §5). */
export interface PushMessage {
  readonly text: string;
  /** How long it is kept for a browser that is not connected (seconds). */
  readonly ttl: number;
  readonly urgency: 'high' | 'normal' | 'low';
  /** It takes the place of an earlier one with the same topic that has not arrived. */
  readonly topic: string;
}

export interface Delivered {
  readonly outcome: Exclude<PushOutcome, 'held-back'>;
  readonly error?: unknown;
}

/** Hands a message to the push service of a subscription; never rejects. */
export type Deliver = (subscription: PushSubscription, message: PushMessage) => Promise<Delivered>;

interface DeliveryOptions {
  readonly key: KeyPair;
  /** Who runs this server, for push services that want to talk to them (RFC 8292 §2.1): `mailto:` or `https:`. */
  readonly contact: string;
  /** Addresses that may be reached although they are not public. */
  readonly isOwn: ((address: string) => boolean) | undefined;
  readonly clock: Pick<Clock, 'after'>;
  /** A certificate (PEM) that is trusted instead of those that everybody trusts. */
  readonly trusted?: string | undefined;
}

/** May a browser name that address for its messages? Anything but https on a public host is no push service. */
export function isPushService(endpoint: string, isOwn?: (address: string) => boolean): boolean {
  const url = URL.parse(endpoint);
  if (url?.protocol !== 'https:' || url.username !== '' || url.password !== '') return false;
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  return isIP(host) === 0 || isPublicAddress(host) || isOwn?.(host) === true;
}

/** Push messages over HTTPS (RFC 8030), encrypted for their browser (RFC 8291) and signed by this server (RFC 8292). */
export function webPushDelivery({ key, contact, isOwn, clock, trusted }: DeliveryOptions): Deliver {
  const agent = new Agent({
    keepAlive: true,
    maxSockets: 8,
    ...(trusted !== undefined && { ca: trusted }),
    lookup: guardedLookup((address) => isPublicAddress(address) || isOwn?.(address) === true),
  });
  return async (subscription, { text, ttl, urgency, topic }) => {
    const { endpoint, p256dh, auth } = subscription;
    // The rules may have changed since it was stored.
    if (!isPushService(endpoint, isOwn)) return { outcome: 'refused' };
    const late = new AbortController();
    const cancelLimit = clock.after(PATIENCE_MS, () => {
      late.abort();
    });
    try {
      const { method, headers, body } = webPush.generateRequestDetails(
        { endpoint, keys: { p256dh, auth } },
        text,
        {
          vapidDetails: { subject: contact, publicKey: key.publicKey, privateKey: key.privateKey },
          TTL: ttl,
          urgency,
          topic,
          contentEncoding: 'aes128gcm',
        },
      );
      return {
        outcome: outcomeOf(await statusOf(endpoint, { method, headers, body, agent, signal: late.signal })),
      };
    } catch (error) {
      return { outcome: 'unreachable', error };
    } finally {
      cancelLimit();
    }
  };
}

interface PushRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string | number>>;
  readonly body: Buffer | null;
  readonly agent: Agent;
  readonly signal: AbortSignal;
}

/** Redirections are not followed: they would lead past what was checked. */
function statusOf(endpoint: string, { method, headers, body, agent, signal }: PushRequest): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(endpoint, { method, headers: { ...headers }, agent, signal }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.on('error', reject);
    sent.end(body ?? undefined);
  });
}

function outcomeOf(status: number): Delivered['outcome'] {
  if (status >= 200 && status < 300) return 'taken';
  if (status === 404 || status === 410) return 'gone';
  return status >= 500 || status === 429 ? 'unreachable' : 'refused';
}
