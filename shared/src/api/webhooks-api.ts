import * as z from 'zod/mini';
import { organizationName } from '../display-name.ts';
import type { Endpoint } from './api-endpoint.ts';
import { instant } from './api-values.ts';

/** What other programs can be told of; docs/webhooks.md says what each has. */
export const WEBHOOK_EVENTS = [
  ...['call.ended', 'call.missed', 'voicemail.left'],
  ...['move.begun', 'move.ended', 'move.refused'],
] as const;
export const webhookEvent = z.enum([
  'call.ended',
  'call.missed',
  'voicemail.left',
  'move.begun',
  'move.ended',
  'move.refused',
]);
export type WebhookEvent = z.infer<typeof webhookEvent>;

/** Why no more is sent to it: an administrator has said so, it said so itself (410), or it could not be reached for too long. */
const webhookOff = z.enum(['switched-off', 'gone', 'failing', 'too-many-waiting']);
export type WebhookOff = z.infer<typeof webhookOff>;

const address = z.url('That is no address of the web.').check(z.maxLength(2_000));
const events = z.array(webhookEvent).check(z.minLength(1, 'Choose what it is told of.'));

export const webhookView = z.object({
  id: z.string(),
  name: z.string(),
  url: z.string(),
  events: z.array(webhookEvent),
  madeAt: instant,
  /** The address of the person who made it. */
  madeBy: z.string(),
  /** Since when nothing is sent, and why; `null` while something is. */
  off: z.nullable(z.object({ since: instant, why: webhookOff })),
  /** Since when every attempt has failed; `null` where the last one went well. */
  failingSince: z.nullable(instant),
  /** Until when the secret before the last one still signs, too. */
  oldSecretUntil: z.nullable(instant),
  /** How many messages wait to be delivered. */
  waiting: z.int(),
});
export type WebhookView = z.infer<typeof webhookView>;

const newWebhook = z.object({ name: organizationName, url: address, events });
export type NewWebhook = z.infer<typeof newWebhook>;

const webhookChange = z.partial(z.extend(newWebhook, { isOn: z.boolean() }));
export type WebhookChange = z.infer<typeof webhookChange>;

/** One message to it: what came of the last attempt, and whether there will be another one. */
export const webhookDelivery = z.object({
  id: z.string(),
  event: z.string(),
  at: instant,
  state: z.enum(['waiting', 'delivered', 'failed']),
  attempts: z.int(),
  triedAt: z.nullable(instant),
  nextAt: z.nullable(instant),
  /** Of HTTP; `null` where there was no answer. */
  status: z.nullable(z.int()),
  /** Why there was none, or the beginning of it. */
  answer: z.nullable(z.string()),
});
export type WebhookDelivery = z.infer<typeof webhookDelivery>;

/** `whsec_…`: with which it checks that a message comes from here; shown once. */
const shownSecret = z.string();

/** Programs elsewhere that are told of calls and moves. */
export const webhooksApi = {
  webhooks: {
    method: 'GET',
    path: '/api/webhooks',
    access: 'manage-webhooks',
    summary: 'The webhooks of the organization.',
    response: z.array(webhookView),
  },
  createWebhook: {
    method: 'POST',
    path: '/api/webhooks',
    access: 'manage-webhooks',
    summary: 'Creates a webhook; its secret is shown this once.',
    body: newWebhook,
    response: z.object({ webhook: webhookView, secret: shownSecret }),
  },
  changeWebhook: {
    method: 'PATCH',
    path: '/api/webhooks/:webhook',
    access: 'manage-webhooks',
    summary: 'Changes a webhook, or turns it on or off; what happens while it is off is never sent.',
    body: webhookChange,
    response: webhookView,
  },
  deleteWebhook: {
    method: 'DELETE',
    path: '/api/webhooks/:webhook',
    access: 'manage-webhooks',
    summary: 'Deletes a webhook, with what waits to be sent.',
  },
  replaceWebhookSecret: {
    method: 'POST',
    path: '/api/webhooks/:webhook/secret',
    access: 'manage-webhooks',
    summary:
      'Gives a webhook a new secret, shown this once; for a day messages are signed with the one before, too.',
    response: z.object({ webhook: webhookView, secret: shownSecret }),
  },
  testWebhook: {
    method: 'POST',
    path: '/api/webhooks/:webhook/test',
    access: 'manage-webhooks',
    summary: 'Sends a message `webhook.test`, also where the webhook is off.',
    response: webhookDelivery,
  },
  webhookDeliveries: {
    method: 'GET',
    path: '/api/webhooks/:webhook/deliveries',
    access: 'manage-webhooks',
    summary: 'The last 50 messages to a webhook, the latest first.',
    response: z.array(webhookDelivery),
  },
  resendDelivery: {
    method: 'POST',
    path: '/api/webhooks/:webhook/deliveries/:delivery/resend',
    access: 'manage-webhooks',
    summary: 'Sends a message again, under the same id.',
    response: webhookDelivery,
  },
} as const satisfies Record<string, Endpoint>;
