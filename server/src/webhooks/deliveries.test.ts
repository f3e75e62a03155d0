import { rmSync } from 'node:fs';
import type { WebhookEvent } from '@perch/shared';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { administrator, organization } from '../management/support/stored.ts';
import { aCall, madePart } from '../records/support/test-records.ts';
import { openStorage } from '../storage/sqlite/open-storage.ts';
import { makeDataFolder } from '../storage/sqlite/support/made-folder.ts';
import type { Storage } from '../storage/storage.ts';
import { scratchFolder } from '../storage/support/scratch-folder.ts';
import { VirtualClock } from '../world/virtual-clock.ts';
import { systemWorld } from '../world/world.ts';
import { WebhookDeliveries } from './deliveries.ts';
import type { Post, Posted, StoredWebhook } from './ports.ts';

const DAY = 24 * 3_600_000;

// A thread that starts on a busy machine takes its time.
vi.setConfig({ testTimeout: 60_000 });

let folder: string;
let storage: Storage;
let clock: VirtualClock;
const open: WebhookDeliveries[] = [];
beforeEach(async () => {
  folder = scratchFolder();
  await makeDataFolder(folder);
  storage = await openStorage(folder, systemWorld, () => undefined);
  await storage.organizations.create(organization, administrator);
  clock = new VirtualClock(Date.now());
});
afterEach(async () => {
  for (const deliveries of open.splice(0)) await deliveries.close();
  await storage.close();
  rmSync(folder, { recursive: true });
});

const webhook = (given: Partial<StoredWebhook> = {}): StoredWebhook => ({
  ...{ id: 'w1', organization: organization.id, name: 'CRM', url: 'https://crm.example.org/hook' },
  events: ['call.ended', 'call.missed'] satisfies readonly WebhookEvent[],
  ...{
    secret: Buffer.from('new'),
    oldSecret: null,
    madeAt: 0,
    madeBy: administrator.email,
    off: null,
    failingSince: null,
  },
  ...given,
});

/** Deliveries to a receiver that answers so, and what it has got. */
function start(answer: (url: URL) => Posted | Promise<Posted>) {
  const got: { readonly id: string; readonly type: string; readonly signatures: number }[] = [];
  const off: string[] = [];
  const post: Post = async (url, headers, body) => {
    const { type } = JSON.parse(body) as { type: string };
    got.push({
      id: headers['webhook-id'] ?? '',
      type,
      signatures: (headers['webhook-signature'] ?? '').split(' ').length,
    });
    return answer(url);
  };
  const deliveries = new WebhookDeliveries({
    ...{ store: storage.webhooks, post, clock, chance: systemWorld.chance },
    turnedOff: async ({ name }, why) => void off.push(`${name} ${why}`),
    journal: {
      ...{ delivered: () => undefined, failed: () => undefined, turnedOff: () => undefined },
      broken: (error) => void off.push(String(error)),
    },
  });
  open.push(deliveries);
  deliveries.wake();
  return { deliveries, got, off };
}
const answered = (status: number) => (): Posted => ({ kind: 'answered', status, answer: 'said' });

/** Time passes for the deliveries, and real time for the archive, until it is so. */
const passes = (look: () => unknown) =>
  expect.poll(async () => (await clock.advance(2_000), look()), { timeout: 50_000, interval: 20 });
const call = (id: string) =>
  storage.calls(organization.id).finish(
    aCall(id, {
      ...{ startedAt: clock.now(), endedAt: clock.now(), result: 'no-answer' },
      parts: [madePart('102', { role: 'callee', result: 'missed', ringMs: 5_000 })],
    }),
  );
const waiting = () => storage.webhooks.waiting('w1');
const deliveries = () => storage.webhooks.deliveries('w1', 10);

test('each thing that happens is told once to each webhook that wants it, and nothing of before', async () => {
  await call('before');
  const madeAt = clock.now() + 1;
  await storage.webhooks.insert(webhook({ madeAt }));
  await storage.webhooks.insert(webhook({ id: 'w2', events: ['call.missed'], madeAt }));
  const { got } = start(answered(204));
  await passes(async () => (await storage.records(organization.id).calls({}, 5)).records.length).toBe(1);
  await call('one');
  await passes(() => got.map(({ type }) => type).toSorted()).toEqual([
    'call.ended',
    'call.missed',
    'call.missed',
  ]);
  await clock.advance(60_000);
  expect([got.length, await waiting()]).toEqual([3, 0]);
  expect((await deliveries())[0]).toMatchObject({
    state: 'delivered',
    status: 204,
    attempts: 1,
    nextAt: null,
  });
});

test('what was made but not delivered is sent after a restart, under the same id', async () => {
  await storage.webhooks.insert(webhook({ events: ['call.ended'] }));
  const first = start(() => new Promise(() => undefined));
  await passes(() => storage.webhooks.of(organization.id).then(() => true)).toBe(true);
  await call('one');
  await passes(() => first.got.length).toBe(1);
  open.pop();
  const second = start(answered(200));
  await passes(() => second.got.map(({ id }) => id)).toEqual(first.got.map(({ id }) => id));
});

test('it is tried again after longer and longer, then well; one that fails is not flooded', async () => {
  await storage.webhooks.insert(webhook({ events: ['call.ended'] }));
  let status = 500;
  const { got } = start(() => answered(status)());
  await clock.advance(4_000);
  await call('one');
  await passes(() => got.length).toBe(1);
  const [failed] = await deliveries();
  expect(failed).toMatchObject({ state: 'waiting', status: 500, answer: 'said', attempts: 1 });
  expect((failed?.nextAt ?? 0) - (failed?.triedAt ?? 0)).toBeGreaterThanOrEqual(45_000);
  for (const id of ['two', 'three', 'four']) await call(id);
  await passes(waiting).toBe(4);
  const before = got.length;
  await clock.advance(2_000);
  expect(got.length - before).toBeLessThanOrEqual(2);
  expect((await storage.webhooks.of(organization.id))[0]?.failingSince).not.toBeNull();
  status = 200;
  await clock.advance(3 * 60_000);
  await passes(waiting).toBe(0);
  expect((await storage.webhooks.of(organization.id))[0]?.failingSince).toBeNull();
});

test.for([
  [410, null, 'gone'],
  [500, 3 * DAY, 'failing'],
] as const)(
  'a receiver that answers %i, having failed for %o ms, is turned off, and an administrator is told',
  async ([status, failing, why]) => {
    const failingSince = failing === null ? null : clock.now() - failing;
    await storage.webhooks.insert(webhook({ events: ['call.ended'], failingSince }));
    const { got, off } = start(answered(status));
    await clock.advance(4_000);
    await call('one');
    await passes(() => off).toEqual([`CRM ${why}`]);
    expect(await storage.webhooks.of(organization.id)).toMatchObject([{ off: { why } }]);
    expect([got.length, await waiting()]).toEqual([1, 0]);
    await call('after');
    await clock.advance(20_000);
    expect(got).toHaveLength(1);
  },
);

test('while an old secret is good, messages are signed with both', async () => {
  const oldSecret = { secret: Buffer.from('old'), until: clock.now() + DAY };
  await storage.webhooks.insert(webhook({ oldSecret }));
  const { got, deliveries: all } = start(answered(200));
  const add = (id: string) =>
    storage.webhooks.add('w1', 'webhook.test', {
      id,
      body: '{"type":"webhook.test"}',
      at: clock.now(),
      attempts: 0,
    });
  await add('msg_1');
  all.wake();
  await passes(() => got.at(-1)?.signatures).toBe(2);
  await storage.webhooks.update(webhook({ oldSecret: { ...oldSecret, until: clock.now() } }));
  await add('msg_2');
  all.wake();
  await passes(() => got.at(-1)?.signatures).toBe(1);
});

test('a receiver that does not answer holds up no other webhook', async () => {
  const slow = new URL('https://slow.example.org/hook');
  await storage.webhooks.insert(webhook({ id: 'slow', url: slow.href }));
  await storage.webhooks.insert(webhook({ events: ['call.ended'] }));
  const silence = Promise.withResolvers<Posted>();
  start((url) => (url.href === slow.href ? silence.promise : answered(200)()));
  try {
    await clock.advance(4_000);
    for (const [index, id] of ['one', 'two', 'three'].entries()) {
      await call(id);
      const delivered = async () => (await deliveries()).filter(({ state }) => state === 'delivered').length;
      await passes(delivered).toBe(index + 1);
    }
    expect(await storage.webhooks.waiting('slow')).toBeGreaterThan(0);
  } finally {
    silence.resolve(answered(200)());
  }
});
