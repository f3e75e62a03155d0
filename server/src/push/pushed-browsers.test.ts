import { type CallNotice, terminalId } from '@perch/shared';
import { expect, test } from 'vitest';
import { systemWorld } from '../world/world.ts';
import { VirtualClock } from '../world/virtual-clock.ts';
import type { Delivered, PushMessage } from './delivery.ts';
import type { KeyPair, PushSubscription } from './ports.ts';
import { PushedBrowsers } from './pushed-browsers.ts';
import { FakePushStore } from './support/fake-push-store.ts';

const at = terminalId('t-ada');
const browserOf = (which: number) => Buffer.alloc(32, which);
const phoneOf = (which: number) => ({ terminal: at, instance: `urn:uuid:${which}` });
const subscriptionOf = (which: number): PushSubscription => ({
  browser: browserOf(which),
  terminal: at,
  instance: `urn:uuid:${which}`,
  endpoint: `https://push.example.org/${which}`,
  p256dh: 'point',
  auth: 'secret',
  madeAt: which,
});
const about = {
  call: '463c3eba-8f56-4fe0-af03-bd4441cc78fa',
  phone: '101',
  from: { number: '102', name: 'Ben' },
  ...{ language: null, organizationLanguage: null },
};
const rings: CallNotice = {
  kind: 'rings',
  ...about,
  ...{ callee: null, ringsFor: 25_000, organization: 'o', word: 'w' },
};
const over = (why: 'missed' | 'elsewhere'): CallNotice => ({ kind: 'over', ...about, why, at: 0 });

async function open(store = new FakePushStore()) {
  const clock = new VirtualClock();
  const delivered: { readonly to: string; readonly message: PushMessage }[] = [];
  const journal: string[] = [];
  const keys: KeyPair[] = [];
  const state: Delivered = { outcome: 'taken' };
  const browsers = await PushedBrowsers.open(
    {
      store,
      clock,
      chance: systemWorld.chance,
      journal: {
        sent: (outcome, host) => void journal.push(`${outcome} ${host}`),
        failed: (error) => void journal.push(String(error)),
      },
      isPhone: (browser) => !store.revoked.has(browser.toString('hex')),
      isService: () => true,
    },
    (key) => {
      keys.push(key);
      return async ({ endpoint }, message) => {
        delivered.push({ to: endpoint, message });
        return state;
      };
    },
  );
  return {
    browsers,
    store,
    clock,
    delivered,
    journal,
    keys,
    state: state as { outcome: Delivered['outcome'] },
  };
}

test('the key is made at the first start, and is the same at every other', async () => {
  const { browsers, store, keys } = await open();
  expect(Buffer.from(browsers.publicKey, 'base64url')).toHaveLength(65);
  const again = await open(store);
  expect([again.browsers.publicKey, again.keys]).toEqual([browsers.publicKey, keys]);
});

test('a browser that has subscribed is sent what its phone is told, also after a restart', async () => {
  const { browsers, store, journal } = await open();
  await browsers.subscribe(subscriptionOf(1));
  expect(browsers.endpointOf(at, browserOf(1))).toBe('https://push.example.org/1');
  const again = await open(store);
  for (const { browsers: each, delivered } of [{ browsers, delivered: [] }, again]) {
    expect(each.phonesAt(at)).toEqual([phoneOf(1)]);
    expect(each.phonesAt(terminalId('t-ben'))).toEqual([]);
    expect(await each.send(phoneOf(1), rings, '102')).toBe(true);
    expect(delivered.map(({ to }) => to)).toEqual(delivered.map(() => 'https://push.example.org/1'));
  }
  expect(again.delivered).toHaveLength(1);
  expect(journal).toEqual(['taken push.example.org']);
});

test('a ring is urgent and short-lived; its end takes its place, and that somebody has called is kept for a day', async () => {
  const { browsers, delivered } = await open();
  await browsers.subscribe(subscriptionOf(1));
  for (const notice of [rings, over('missed'), over('elsewhere')])
    await browsers.send(phoneOf(1), notice, '102');
  const topic = '101-463c3eba8f564fe0af03bd4441cc';
  expect(delivered.map(({ message: { text: _, ...rest } }) => rest)).toEqual([
    { topic, ttl: 10, urgency: 'high' },
    { topic, ttl: 86_400, urgency: 'normal' },
    { topic, ttl: 60, urgency: 'normal' },
  ]);
  expect(JSON.parse(delivered[0]?.message.text ?? '')).toEqual(rings);
});

test.for(['gone', 'refused'] as const)('a browser whose messages are %s is forgotten', async (outcome) => {
  const { browsers, store, state } = await open();
  await browsers.subscribe(subscriptionOf(1));
  state.outcome = outcome;
  expect(await browsers.send(phoneOf(1), rings, '102')).toBe(false);
  expect(browsers.phonesAt(at)).toEqual([]);
  expect(await store.all()).toEqual([]);
});

test('one whose push service has a bad day is kept', async () => {
  const { browsers, state } = await open();
  await browsers.subscribe(subscriptionOf(1));
  state.outcome = 'unreachable';
  expect(await browsers.send(phoneOf(1), rings, '102')).toBe(false);
  expect(browsers.phonesAt(at)).toEqual([phoneOf(1)]);
});

test('a browser that is no phone any more is told nothing, and cannot subscribe', async () => {
  const { browsers, store, delivered } = await open();
  await browsers.subscribe(subscriptionOf(1));
  store.revoke(browserOf(1));
  expect(browsers.phonesAt(at)).toEqual([]);
  expect(await browsers.send(phoneOf(1), rings, '102')).toBe(false);
  store.revoke(browserOf(2));
  await browsers.subscribe(subscriptionOf(2));
  expect(browsers.endpointOf(at, browserOf(2))).toBeUndefined();
  expect(delivered).toEqual([]);
});

test('a browser says something else, or no more', async () => {
  const { browsers, delivered } = await open();
  await browsers.subscribe(subscriptionOf(1));
  await browsers.subscribe({ ...subscriptionOf(1), endpoint: 'https://push.example.org/new' });
  expect(browsers.phonesAt(at)).toHaveLength(1);
  await browsers.send(phoneOf(1), rings, '102');
  expect(delivered.map(({ to }) => to)).toEqual(['https://push.example.org/new']);
  await browsers.unsubscribe(at, browserOf(1));
  expect(browsers.phonesAt(at)).toEqual([]);
});

test('ten browsers of a terminal; one more takes the place of the oldest', async () => {
  const { browsers, store } = await open();
  for (let which = 1; which <= 11; which++) await browsers.subscribe(subscriptionOf(which));
  expect(browsers.phonesAt(at).map(({ instance }) => instance)).toEqual(
    Array.from({ length: 10 }, (_, index) => `urn:uuid:${index + 2}`),
  );
  expect(await store.all()).toHaveLength(10);
});

test('one caller cannot have a browser flooded: ten calls at once, then one every ten seconds; the end of each is told', async () => {
  const { browsers, clock, delivered, journal } = await open();
  await browsers.subscribe(subscriptionOf(1));
  await browsers.subscribe(subscriptionOf(2));
  for (let count = 0; count < 30; count++) await browsers.send(phoneOf(1), rings, '102');
  expect(delivered).toHaveLength(10);
  expect(journal.at(-1)).toBe('held-back push.example.org');
  expect(await browsers.send(phoneOf(1), over('missed'), '102')).toBe(true);
  expect(await browsers.send(phoneOf(2), rings, '102')).toBe(true);
  await clock.advance(10_000);
  expect(await browsers.send(phoneOf(1), rings, '102')).toBe(true);
  expect(await browsers.send(phoneOf(1), rings, '102')).toBe(false);
});

test('nobody can silence a phone for others, however often they call', async () => {
  const { browsers } = await open();
  await browsers.subscribe(subscriptionOf(1));
  for (let count = 0; count < 30; count++) await browsers.send(phoneOf(1), rings, '102');
  for (let caller = 200; caller < 400; caller++)
    expect(await browsers.send(phoneOf(1), rings, String(caller))).toBe(true);
  expect(await browsers.send(phoneOf(1), rings, '102')).toBe(false);
});

test('a phone with a new token takes the place of itself', async () => {
  const { browsers, store, delivered } = await open();
  await browsers.subscribe(subscriptionOf(1));
  await browsers.subscribe({ ...subscriptionOf(2), instance: subscriptionOf(1).instance });
  expect(browsers.phonesAt(at)).toEqual([phoneOf(1)]);
  expect(await store.all()).toHaveLength(1);
  await browsers.send(phoneOf(1), rings, '102');
  expect(delivered.map(({ to }) => to)).toEqual(['https://push.example.org/2']);
});
