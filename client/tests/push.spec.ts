import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page, type Worker } from '@playwright/test';
import { CERTIFICATE } from '../../server/src/config/support/certificate.ts';
import { PushService } from '../../server/src/push/support/push-service.ts';
import { Call } from '../../server/tests/support/call.ts';
import { DemoServer } from '../../server/tests/support/demo-server.ts';
import { SipClient } from '../../server/tests/support/sip-client.ts';
import de from '../messages/de.json' with { type: 'json' };
import { FLAGS, voiceFlags, wholeChromiumPath } from './support/chromium.ts';
import { expect, test, toneSettings, VOICE } from './support/fixtures.ts';
import { Handset } from './support/handset.ts';
import { expectTone } from './support/hearing.ts';
import { writeTone } from './support/tone.ts';
import { turn } from './support/visibility.ts';
import { word } from './support/words.ts';
import { WorkerHeap } from './support/worker-heap.ts';

test.use({ serviceWorkers: 'allow' });

/** A browser of Ada's own: one without windows has no notifications. */
async function browserOfAda(folder: string): Promise<BrowserContext> {
  const wav = join(folder, 'voice.wav');
  await writeTone(wav, VOICE['101']);
  const browser = await chromium.launch({
    ...(wholeChromiumPath !== undefined && { executablePath: wholeChromiumPath }),
    args: [...FLAGS, ...voiceFlags(wav)],
    ignoreDefaultArgs: ['--mute-audio'],
  });
  const context = await browser.newContext({ permissions: ['microphone', 'notifications'] });
  await context.addInitScript(toneSettings);
  return context;
}

/** Opens the page of a phone, and has its browser subscribe at the push service of the test: it cannot reach its vendor's. */
async function subscribed(ada: Handset, url: string, service: PushService): Promise<void> {
  await ada.open(url);
  await ada.page.evaluate(async (keys) => {
    await navigator.serviceWorker.register('/sw.js');
    await navigator.serviceWorker.ready;
    const { token } = JSON.parse(localStorage.getItem('perch.terminal.101') ?? '{}') as { token: string };
    const instance = `urn:uuid:${localStorage.getItem('perch.instance.101') ?? ''}`;
    const { status } = await fetch('/api/terminal/push', {
      method: 'PUT',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ ...keys, instance }),
    });
    if (status !== 204) throw new Error(`not subscribed: ${String(status)}`);
  }, service.subscription);
}

/**
 * Hands messages to the service worker of that origin, as the browser does once its push service has sent them. It is made ready before there is
 * a call: a phone has 8 s to say that it rings.
 */
async function deliveryTo(beside: Page, origin: string): Promise<(data: string) => Promise<void>> {
  const session = await beside.context().newCDPSession(beside);
  const registration = new Promise<string>((resolve) => {
    session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const ours = registrations.find(({ scopeURL }) => scopeURL.startsWith(origin));
      if (ours !== undefined) resolve(ours.registrationId);
    });
  });
  await session.send('ServiceWorker.enable');
  const registrationId = await registration;
  return async (data) => {
    await session.send('ServiceWorker.deliverPushMessage', { origin, registrationId, data });
  };
}

/** What the test needs of a service worker's own world. */
interface WorkerWorld extends EventTarget {
  readonly Notification: { readonly permission: NotificationPermission };
  readonly registration: ServiceWorkerRegistration;
  readonly clients: { openWindow: (url: string) => Promise<null> };
  readonly ExtendableEvent: new (name: string) => Event;
}

/** A browser without windows refuses to show anything, whatever it is permitted: what it is asked to show is kept here instead. */
const showAnyway = (worker: Worker): Promise<void> =>
  worker.evaluate(() => {
    const { Notification, registration } = globalThis as unknown as WorkerWorld;
    if (Notification.permission === 'granted') return;
    const kept = new Map<string, object>();
    Object.assign(registration, {
      showNotification: (title: string, options: NotificationOptions = {}) => {
        const { tag = '' } = options;
        kept.set(tag, { title, ...options, close: () => kept.delete(tag) });
        return Promise.resolve();
      },
      getNotifications: ({ tag }: GetNotificationOptions = {}) =>
        Promise.resolve([...kept].filter(([of]) => tag === undefined || of === tag).map(([, each]) => each)),
    });
  });

/** Has the server say of every call that it rings. */
const answerAlways = (worker: Worker): Promise<void> =>
  worker.evaluate(() => {
    Object.assign(globalThis, { fetch: () => Promise.resolve(new Response(null, { status: 204 })) });
  });

/** What is shown beside all pages, and who is named there. */
const shown = (worker: Worker): Promise<string[]> =>
  worker.evaluate(async () => {
    const { registration } = globalThis as unknown as WorkerWorld;
    return (await registration.getNotifications()).map(({ title, body }) => `${title}: ${body}`);
  });

/**
 * Touches a button of the notification. A browser opens windows for people only: the address is given to the test instead, by a function that stays
 * in the worker and holds nothing of the notification.
 */
const touch = (worker: Worker, action: string): Promise<string> =>
  worker.evaluate(async (touched) => {
    const self = globalThis as unknown as WorkerWorld;
    const address = new Promise<string>((resolve) => {
      self.clients.openWindow = (url) => {
        resolve(url);
        return Promise.resolve(null);
      };
      if (touched === 'decline') resolve('');
    });
    const [notification] = await self.registration.getNotifications();
    if (notification === undefined) throw new Error('nothing is shown');
    const click = new self.ExtendableEvent('notificationclick');
    self.dispatchEvent(Object.assign(click, { notification, action: touched }));
    return address;
  }, action);

test('a call rings in a phone whose page is closed; declined there, and answered from the notification, heard', async ({
  contextOf,
}) => {
  const folder = await mkdtemp(join(tmpdir(), 'perch-push-'));
  const trusted = join(folder, 'push-service.pem');
  await writeFile(trusted, CERTIFICATE);
  const service = await PushService.start();
  const perch = await DemoServer.start({ NODE_EXTRA_CA_CERTS: trusted, PERCH_PUSH_NETWORKS: 'loopback' });
  const context = await browserOfAda(folder);
  try {
    const ada = new Handset(await context.newPage(), '101');
    await subscribed(ada, perch.line('101').url, service);
    const worker = context.serviceWorkers()[0] ?? (await context.waitForEvent('serviceworker'));
    await showAnyway(worker);
    const beside = await context.newPage();
    await beside.goto(perch.organization.url);
    const deliver = await deliveryTo(beside, perch.organization.url);
    await ada.page.close();

    const ben = new Handset(await (await contextOf('102')).newPage(), '102');
    await ben.open(perch.line('102').url);
    await ben.dial('101');
    await expect.poll(() => service.received.length).toBe(1);
    await deliver(service.received[0]?.text ?? '');
    await expect.poll(() => shown(worker)).toEqual([`Ben · 102: ${word('incoming_call')}`]);
    await touch(worker, 'decline');
    // To the mailbox, as where a phone declines.
    await ben.hangUp();
    expect(await shown(worker)).toEqual([]);

    await perch.administer('PATCH', '/api/extensions/101', { language: 'de' });
    await ben.dial('101');
    await expect.poll(() => service.received.length).toBe(2);
    await deliver(service.received[1]?.text ?? '');
    await expect.poll(() => shown(worker)).toEqual([`Ben · 102: ${de.incoming_call}`]);
    const address = await touch(worker, 'answer');
    const opened = new Handset(await context.newPage(), '101');
    await opened.page.goto(new URL(address, perch.organization.url).href);
    await opened.expectTalking();
    await expectTone(ben.page, VOICE['101']);
    await expectTone(opened.page, VOICE['102']);
    expect(await shown(worker)).toEqual([]);
    expect(new URL(opened.page.url()).hash).toBe('');
  } finally {
    await context.browser()?.close();
    await service.close();
    await perch.stop();
    await rm(folder, { recursive: true });
  }
});

test('a worker keeps nothing but files of the product, and of a guest’s calls shows nothing beside a page that nobody sees, nor holds anything after they are over', async ({
  perch,
  contextOf,
  voices,
}) => {
  const voice = await voices(VOICE['102']);
  const context = await contextOf('102');
  const ben = new Handset(await context.newPage(), '102');
  const { page } = ben;
  await page.addInitScript(noteShown);
  await ben.open(perch.line('102').url);
  await page.evaluate(async () => {
    await navigator.serviceWorker.register('/sw.js');
    await navigator.serviceWorker.ready;
  });
  const worker = context.serviceWorkers()[0] ?? (await context.waitForEvent('serviceworker'));
  await showAnyway(worker);
  await ben.changeSettings({ notifications: ['102'] });
  await ben.takeOver(perch.line('101'));
  const chloe = await SipClient.registered(perch.organization, perch.line('103'));
  const ring = new Call(chloe, '101');
  await ben.expectRinging('Chloe', '103');
  await turn(page, 'hidden');
  ring.cancel();
  await ben.expectIdle();
  await turn(page, 'visible');

  const deliver = await deliveryTo(page, perch.organization.url);
  const heap = await WorkerHeap.of(voice, perch.organization.url);
  const held = (): Promise<readonly string[]> => heap.strings(/\b(?:Chloe|Ada|103|101)\b/);
  expect(await held()).toEqual([]);
  await answerAlways(worker);
  const about = { phone: '102', from: { number: '103', name: 'Chloe' }, language: 'en' };
  const rings = { ...about, kind: 'rings', callee: { number: '101', name: 'Ada' }, ringsFor: 600_000 };
  for (const call of ['c1', 'c2']) {
    await deliver(JSON.stringify({ ...rings, call, organization: 'o', word: 'w' }));
    await expect.poll(() => shown(worker)).toEqual([expect.stringMatching(/^Chloe · 103: .*Ada · 101/)]);
    expect(await held()).toContain('Chloe');
    if (call === 'c1') await touch(worker, 'decline');
  }
  await deliver(JSON.stringify({ ...about, call: 'c2', kind: 'over', why: 'moved', at: Date.now() }));
  await expect.poll(() => shown(worker)).toEqual([`Chloe · 103: ${word('call_taken_elsewhere')}`]);
  await ben.dialReturn();
  await expect.poll(() => shown(worker)).toEqual([]);
  await expect.poll(held).toEqual([]);
  expect(await page.evaluate(() => window.perchShown)).toEqual([]);
  expect(await page.evaluate(() => indexedDB.databases())).toEqual([]);
  const stored = await page.evaluate(async () => {
    const addresses: string[] = [];
    for (const name of await caches.keys())
      for (const { url } of await (await caches.open(name)).keys()) addresses.push(new URL(url).pathname);
    return addresses;
  });
  expect(stored).not.toEqual([]);
  expect(
    stored.filter(
      (path) => !/^\/(assets\/[\w.-]+|[\w-]+\.(html|png|svg|webmanifest)|terminal\.\w\w\.html)$/.test(path),
    ),
  ).toEqual([]);
});

declare global {
  interface Window {
    /** What the page has had its browser show beside it. */
    perchShown?: string[];
  }
}

/** For a page in which it runs before all else: its browser permits to show everything, shows nothing, and notes it. */
function noteShown(): void {
  const shown: string[] = (window.perchShown = []);
  Object.defineProperty(Notification, 'permission', { value: 'granted' });
  ServiceWorkerRegistration.prototype.showNotification = async (title) => void shown.push(title);
}
