import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { storeTerminal } from '../../api/terminal-store.ts';
import { Settings } from '../page/settings.svelte.ts';
import { PushRinging } from './push-ringing.svelte.ts';

const KEY = 'BCVx';
const ENDPOINT = 'https://push.example.org/1';
const octets = (text: string): ArrayBuffer => new TextEncoder().encode(text).buffer as ArrayBuffer;
const keyOf = (text: string): string => btoa(text).replaceAll('=', '');

/** A browser that has this to say, and a server that notes what it is told. */
function world({
  permission = 'granted',
  reachesService = true,
  before = null as string | null,
  known = null as string | null,
} = {}) {
  const asked: string[] = [];
  const make = (key: string) => ({
    endpoint: ENDPOINT,
    options: { applicationServerKey: Uint8Array.from(atob(key), (octet) => octet.charCodeAt(0)).buffer },
    getKey: (name: string) => octets(name),
    unsubscribe: () => Promise.resolve(asked.push('unsubscribe') > 0),
  });
  let subscription = before === null ? null : make(before);
  const pushManager = {
    getSubscription: () => Promise.resolve(subscription),
    subscribe: () => {
      asked.push('subscribe');
      if (!reachesService) return Promise.reject(new DOMException('no push service', 'AbortError'));
      subscription = make(KEY);
      return Promise.resolve(subscription);
    },
  };
  const registration = { pushManager };
  vi.stubGlobal('navigator', {
    serviceWorker: {
      ready: Promise.resolve(registration),
      getRegistration: () => Promise.resolve(registration),
    },
  });
  const state = { permission: 'default' };
  vi.stubGlobal('Notification', {
    get permission() {
      return state.permission;
    },
    requestPermission: () => Promise.resolve((state.permission = permission)),
  });
  vi.stubGlobal('fetch', (path: string, { method, body }: { method: string; body: string | null }) => {
    asked.push(method === 'GET' ? method : `${method} ${path} ${body ?? ''}`.trim());
    return Promise.resolve(
      method === 'GET'
        ? new Response(JSON.stringify({ key: KEY, endpoint: known }))
        : new Response(null, { status: 204 }),
    );
  });
  const settings = new Settings();
  const phone = { connection: { number: '101', token: 'token' }, settings };
  return { asked, settings, state, phone: phone as unknown as ConstructorParameters<typeof PushRinging>[0] };
}

beforeEach(() => {
  localStorage.clear();
  localStorage.setItem('perch.instance.101', '1');
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const PUT = `PUT /api/terminal/push ${JSON.stringify({
  endpoint: ENDPOINT,
  p256dh: keyOf('p256dh'),
  auth: keyOf('auth'),
  instance: 'urn:uuid:1',
})}`;

test('switched on: the person is asked, then the browser subscribes, and the server is told', async () => {
  const { asked, phone, settings } = world();
  const ringing = new PushRinging(phone);
  expect(ringing.isOn).toBe(false);
  await ringing.turn(true);
  expect(asked).toEqual(['GET', 'subscribe', PUT]);
  expect([ringing.isOn, ringing.changing, ringing.trouble, settings.notifies('101')]).toEqual([
    true,
    false,
    null,
    true,
  ]);
});

test('the person does not allow it: it stays off, with what can be done', async () => {
  const { asked, phone } = world({ permission: 'denied' });
  const ringing = new PushRinging(phone);
  await ringing.turn(true);
  expect([ringing.isOn, asked]).toEqual([false, []]);
  expect(ringing.trouble).toMatch(/blocks notifications/);
});

test('a browser that reaches no push service shows calls while the page is open, and says so', async () => {
  const { asked, phone } = world({ reachesService: false });
  const ringing = new PushRinging(phone);
  await ringing.turn(true);
  expect([ringing.isOn, asked]).toEqual([true, ['GET', 'subscribe']]);
  expect(ringing.trouble).toMatch(/not once it is closed/);
});

test('switched off: the browser and the server forget it', async () => {
  const { asked, phone, settings, state } = world({ before: KEY, known: ENDPOINT });
  settings.setNotifies('101', true);
  // Of a phone that is no longer in this browser.
  settings.setNotifies('103', true);
  state.permission = 'granted';
  const ringing = new PushRinging(phone);
  expect(ringing.isOn).toBe(true);
  await ringing.turn(false);
  expect(asked).toEqual(['unsubscribe', 'DELETE /api/terminal/push']);
  expect(ringing.isOn).toBe(false);
});

test('switched off for one of two phones: the browser keeps the subscription, which is that of the other one too', async () => {
  const { asked, phone, settings } = world({ before: KEY, known: ENDPOINT });
  const sip = { url: 'wss://example.org/sip', domain: 'example.org' };
  storeTerminal({ number: '102', kind: 'phone', token: 'token', sip, iceServers: [] });
  for (const number of ['101', '102']) settings.setNotifies(number, true);
  await new PushRinging(phone).turn(false);
  expect(asked).toEqual(['DELETE /api/terminal/push']);
  expect(settings.values.notifications).toEqual(['102']);
});

test.for([
  ['is as it should be', { before: KEY, known: ENDPOINT }, ['GET']],
  ['is unknown to the server', { before: KEY, known: null }, ['GET', PUT]],
  ['was renewed by the browser', { before: KEY, known: 'https://push.example.org/0' }, ['GET', PUT]],
  ['was lost by the browser', { before: null, known: ENDPOINT }, ['GET', 'subscribe', PUT]],
  ['is of another server', { before: 'BAAA', known: ENDPOINT }, ['GET', 'unsubscribe', 'subscribe', PUT]],
] as const)('a subscription that %s, as a page begins', async ([, browser, expected]) => {
  const { asked, phone, settings, state } = world(browser);
  settings.setNotifies('101', true);
  state.permission = 'granted';
  await new PushRinging(phone).renew();
  expect(asked).toEqual(expected);
});

test('what is off is not renewed', async () => {
  const { asked, phone } = world({ before: KEY });
  await new PushRinging(phone).renew();
  expect(asked).toEqual([]);
});
