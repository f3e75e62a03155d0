import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AuditPage, WebhookDelivery, WebhookView } from '@perch/shared';
import { afterEach, expect, test } from 'vitest';
import type { VirtualizationRecord } from '../../exchange/virtualization/record.ts';
import { aCall, at as atHome, madePart } from '../../records/support/test-records.ts';
import { systemWorld } from '../../world/world.ts';
import { startTestServer } from '../support/test-server.ts';

/** A thread that starts on a busy machine takes its time (milliseconds). */
const PATIENCE = 60_000;
const PATIENT = { timeout: 25_000 };

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

interface Got {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A program elsewhere, on this machine, that checks nothing and answers so. */
async function receiver(answer: () => number = () => 200) {
  const got: Got[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      got.push({ headers: request.headers, body: Buffer.concat(parts).toString() });
      response.writeHead(answer()).end('thanks');
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  closing.push(() => server.close());
  return {
    got,
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/hook?key=in-the-address`,
  };
}

/** As docs/webhooks.md tells receivers to check it. */
function isSigned({ headers, body }: Got, secret: string): boolean {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
  const expected = `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
  return String(headers['webhook-signature']).split(' ').includes(expected);
}

async function start() {
  const server = await startTestServer();
  closing.push(() => server.close());
  await server.setUp();
  for (const [number, name, kind] of [
    ['101', 'Ada', 'person'],
    ['102', 'Ben', 'person'],
    ['201', 'Front desk', 'station'],
  ] as const)
    await server.call('POST /api/extensions', { body: { number, name, kind, allowVirtualization: true } });
  return server;
}

const EVENTS = ['call.ended', 'call.missed', 'voicemail.left', 'move.begun', 'move.ended', 'move.refused'];

test('calls, messages and moves are told, signed', { timeout: PATIENCE }, async () => {
  const server = await start();
  const { got, url } = await receiver();
  const made = await server.call('POST /api/webhooks', { body: { name: 'CRM', url, events: EVENTS } });
  const { webhook, secret } = made.json as { webhook: WebhookView; secret: string };
  expect(webhook).toMatchObject({ name: 'CRM', url, off: null, failingSince: null, waiting: 0 });
  await server.call(`POST /api/webhooks/${webhook.id}/test`);
  await expect.poll(() => got.length, PATIENT).toBe(1);

  const [ada, ben, desk] = ['101', '102', '201'].map((number) => server.extensionOf(number)) as [
    Ada,
    Ada,
    Ada,
  ];
  const now = systemWorld.clock.now() + 1_000;
  const caller = { ...atHome('101', ada.id), name: 'Ada' };
  await server.storage.calls(ada.organization).finish(
    aCall('c1', {
      ...{
        startedAt: now,
        endedAt: now + 9_000,
        result: 'no-answer',
        caller,
        callee: { ...atHome('102', ben.id), name: 'Ben' },
      },
      parts: [
        madePart('102', { extension: ben.id, name: 'Ben', role: 'callee', result: 'missed', ringMs: 5_000 }),
      ],
      mailbox: {
        number: '102',
        name: 'Ben',
        from: now + 5_000,
        until: now + 9_000,
        message: { id: 'm1', durationMs: 3_000 },
      },
    }),
  );
  const moves = server.storage.virtualizations(ada.organization);
  const stay = { virtual: ada.id, base: desk.id, since: now, by: 'dialled' } as const;
  const record: VirtualizationRecord = {
    ...{ at: now, action: 'move', way: 'dialled', who: null, terminal: desk.terminal, asked: '101' },
    ...{ extension: ada.id, previousGuest: null, result: 'accepted', endings: [] },
  };
  const nothing = { ended: [], begun: [], buckets: [] };
  await moves.commit({ ...nothing, record: { ...record, result: 'wrong-code' } });
  await moves.commit({ ...nothing, begun: [stay], record });
  const endings = [{ virtualization: stay, endedBy: 'returned' }] as const;
  await moves.commit({
    ...nothing,
    ended: [stay],
    record: { ...record, action: 'return', endings },
  });

  await expect.poll(() => got.length, PATIENT).toBe(7);
  const told = new Map(
    got
      .map(({ body }) => JSON.parse(body) as { type: string; data: object })
      .map(({ type, data }) => [type, data]),
  );
  const guest = { extension: { number: '101', name: 'Ada' }, desk: { number: '201', name: 'Front desk' } };
  const since = new Date(now).toISOString();
  expect(Object.fromEntries(told)).toMatchObject({
    'webhook.test': { webhook: 'CRM' },
    'call.ended': {
      call: 'c1',
      result: 'no-answer',
      caller: { number: '101', name: 'Ada', desk: null },
      callee: { number: '102' },
    },
    'call.missed': {
      call: 'c1',
      extension: { number: '102', name: 'Ben' },
      caller: { number: '101' },
      ringMs: 5_000,
    },
    'voicemail.left': {
      call: 'c1',
      message: 'm1',
      mailbox: { number: '102' },
      from: { number: '101' },
      durationMs: 3_000,
    },
    'move.begun': { ...guest, since, way: 'dialled' },
    'move.ended': { ...guest, since, until: since, endedBy: 'returned' },
    'move.refused': { asked: '101', desk: guest.desk, why: 'wrong-code' },
  });
  expect(got.map((one) => isSigned(one, secret))).toEqual(got.map(() => true));
  expect(isSigned({ ...(got[0] as Got), body: '{}' }, secret)).toBe(false);
  expect(new Set(got.map(({ headers }) => headers['webhook-id'])).size).toBe(7);
});
type Ada = ReturnType<Awaited<ReturnType<typeof start>>['extensionOf']>;

test(
  'a secret is shown once and replaced; the last messages can be seen and sent again',
  { timeout: PATIENCE },
  async () => {
    const server = await start();
    let status = 503;
    const { got, url } = await receiver(() => status);
    const made = await server.call('POST /api/webhooks', {
      body: { name: 'CRM', url, events: ['call.ended'] },
    });
    const { webhook, secret } = made.json as { webhook: WebhookView; secret: string };
    const path = `/api/webhooks/${webhook.id}`;
    const { secret: second, webhook: after } = (await server.call(`POST ${path}/secret`)).json as {
      webhook: WebhookView;
      secret: string;
    };
    expect(after.oldSecretUntil).toBeGreaterThan(systemWorld.clock.now());
    expect((await server.call('GET /api/webhooks')).text).not.toMatch(/whsec_|"secret/);

    const tested = (await server.call(`POST ${path}/test`)).json as WebhookDelivery;
    expect(tested).toMatchObject({ event: 'webhook.test', state: 'waiting' });
    const last = async () =>
      ((await server.call(`GET ${path}/deliveries`)).json as readonly WebhookDelivery[])[0];
    await expect
      .poll(last, PATIENT)
      .toMatchObject({ state: 'waiting', status: 503, answer: 'thanks', attempts: 1 });
    status = 204;
    await server.call(`POST ${path}/deliveries/${tested.id}/resend`);
    await expect
      .poll(last, PATIENT)
      .toMatchObject({ id: tested.id, state: 'delivered', status: 204, attempts: 2 });
    expect(got.map((one) => [isSigned(one, secret), isSigned(one, second)])).toEqual([
      [true, true],
      [true, true],
    ]);
    expect(new Set(got.map(({ headers }) => headers['webhook-id']))).toEqual(new Set([tested.id]));

    await server.call(`PATCH ${path}`, { body: { isOn: false, name: 'Old CRM' } });
    expect((await server.call('GET /api/webhooks')).json).toMatchObject([
      { name: 'Old CRM', off: { why: 'switched-off' } },
    ]);
    await server.call(`PATCH ${path}`, { body: { isOn: true } });
    expect((await server.call('GET /api/webhooks')).json).toMatchObject([{ off: null }]);
    expect((await server.call(`DELETE ${path}`)).status).toBe(204);
    expect(await server.refusal(`GET ${path}/deliveries`)).toBe('404 not-found');

    const audit = await server.call('GET /api/audit');
    expect(audit.text).not.toMatch(/in-the-address|whsec_/);
    const { entries } = audit.json as AuditPage;
    expect(
      entries
        .filter(({ action }) => /[wW]ebhook|Delivery/.test(action))
        .map(({ action, about }) => `${action} ${about ?? ''}`),
    ).toEqual([
      ...['deleteWebhook Old CRM', 'changeWebhook Old CRM', 'changeWebhook CRM', 'resendDelivery CRM'],
      ...['testWebhook CRM', 'replaceWebhookSecret CRM', 'createWebhook CRM'],
    ]);
  },
);

test.for([
  'https://10.0.0.1/',
  'https://[::1]/',
  'https://u:p@example.org/',
  'ftp://example.org/',
  'no address',
])('a webhook to %s is refused with a sentence', async (url) => {
  const server = await start();
  const refused = await server.refusal('POST /api/webhooks', {
    body: { name: 'CRM', url, events: ['call.ended'] },
  });
  expect(refused).toBe('400 invalid-request');
});
