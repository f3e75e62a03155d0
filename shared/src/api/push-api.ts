import * as z from 'zod/mini';
import { noticeAnswer } from '../call-notice.ts';
import type { Endpoint } from './api-endpoint.ts';

/** Octets in base64url (RFC 4648 §5), without padding. */
const octets = (length: number) =>
  z.string().check(z.regex(new RegExp(`^[\\w-]{${Math.ceil((length * 4) / 3)}}$`)));

/** Where a browser can be sent push messages (RFC 8030), and the keys with which only it can read them (RFC 8291 §3). */
export const pushSubscription = z.object({
  endpoint: z.url().check(z.maxLength(2048)),
  /** An uncompressed point of P-256. */
  p256dh: octets(65),
  auth: octets(16),
  /** `+sip.instance` of the phone in this browser. */
  instance: z.string().check(z.regex(/^urn:uuid:[\da-f-]{36}$/)),
});
export type PushSubscriptionKeys = z.infer<typeof pushSubscription>;

/** What the page and the service worker of a phone ask for about push messages. */
export const pushApi = {
  pushSettings: {
    method: 'GET',
    path: '/api/terminal/push',
    access: 'terminal',
    summary:
      'The key by which push messages of this server are known (RFC 8292), and where those to this browser go: nowhere, or to a subscription that it may have renewed since.',
    response: z.object({ key: z.string(), endpoint: z.nullable(z.string()) }),
  },
  subscribePush: {
    method: 'PUT',
    path: '/api/terminal/push',
    access: 'terminal',
    summary:
      "From now on calls to this phone ring in this browser also while its page is closed: on a person's own phone and without a guest only.",
    body: pushSubscription,
  },
  unsubscribePush: {
    method: 'DELETE',
    path: '/api/terminal/push',
    access: 'terminal',
    summary: 'No more push messages to this browser.',
  },
  answerPush: {
    method: 'POST',
    path: '/api/push/answer',
    access: 'anyone',
    summary:
      'A phone that has been told of a call by a push message says that it rings there, or declines the call; the word of the message is the credential.',
    body: z.object({
      organization: z.string().check(z.maxLength(64)),
      word: z.string().check(z.maxLength(64)),
      says: noticeAnswer,
    }),
  },
} as const satisfies Record<string, Endpoint>;
