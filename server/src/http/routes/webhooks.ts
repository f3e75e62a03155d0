import { api } from '@perch/shared';
import type { FastifyInstance } from 'fastify';
import { Refusal } from '../../management/refusal.ts';
import { webhookFacts } from '../../webhooks/webhooks.ts';
import { operation } from '../operation.ts';
import type { HttpPorts } from '../ports.ts';

/** Programs elsewhere that are told of calls and moves. */
export function webhookRoutes(app: FastifyInstance, { management, webhooks }: HttpPorts): void {
  operation(app, management, api.webhooks, ({ caller }) => webhooks.all(caller.person.organization));

  operation(app, management, api.createWebhook, ({ caller, body, note }) => {
    note({ about: body.name, subject: null, after: webhookFacts({ ...body, off: null }) });
    return webhooks.create(caller.person, body);
  });

  operation(app, management, api.changeWebhook, async ({ caller, params, body, note }) => {
    const webhook = await webhooks.find(caller.person.organization, params.webhook);
    if (webhook instanceof Refusal) return webhook;
    const {
      name = webhook.name,
      url = webhook.url,
      events = webhook.events,
      isOn = webhook.off === null,
    } = body;
    const after = { ...webhookFacts({ name, url, events, off: null }), isOn };
    note({ about: webhook.name, subject: null, before: webhookFacts(webhook), after });
    return webhooks.change(webhook, body);
  });

  operation(app, management, api.deleteWebhook, async ({ caller, params, note }) => {
    const webhook = await webhooks.find(caller.person.organization, params.webhook);
    if (webhook instanceof Refusal) return webhook;
    note({ about: webhook.name, subject: null, before: webhookFacts(webhook) });
    await webhooks.delete(webhook);
    return undefined;
  });

  operation(app, management, api.replaceWebhookSecret, async ({ caller, params, note }) => {
    const webhook = await webhooks.find(caller.person.organization, params.webhook);
    if (webhook instanceof Refusal) return webhook;
    note({ about: webhook.name, subject: null });
    return webhooks.replaceSecret(webhook);
  });

  operation(app, management, api.testWebhook, async ({ caller, params, note }) => {
    const webhook = await webhooks.find(caller.person.organization, params.webhook);
    if (webhook instanceof Refusal) return webhook;
    note({ about: webhook.name, subject: null });
    return webhooks.test(webhook);
  });

  operation(app, management, api.webhookDeliveries, async ({ caller, params }) => {
    const webhook = await webhooks.find(caller.person.organization, params.webhook);
    return webhook instanceof Refusal ? webhook : webhooks.deliveries(webhook);
  });

  operation(app, management, api.resendDelivery, async ({ caller, params, note }) => {
    const webhook = await webhooks.find(caller.person.organization, params.webhook);
    if (webhook instanceof Refusal) return webhook;
    note({ about: webhook.name, subject: null });
    return webhooks.resend(webhook, params.delivery);
  });
}
