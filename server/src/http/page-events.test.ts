import { once } from 'node:events';
import type { TopicEvent, TopicLine } from '@perch/shared';
import { WebSocket } from 'ws';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ADMINISTRATOR, startTestServer } from './support/test-server.ts';
import type { TestServer } from './support/test-server.ts';

let server: TestServer;
let port: number;
const pages: WebSocket[] = [];

beforeEach(async () => {
  server = await startTestServer({ trustsProxy: (address) => address === '127.0.0.1' });
  port = await server.http.listen();
  await server.setUp();
  await server.call('POST /api/extensions', { body: { number: '201', name: 'Front desk', kind: 'station' } });
});
afterEach(async () => {
  vi.useRealTimers();
  for (const page of pages.splice(0)) page.terminate();
  await server.close();
});

function open(path = '/api/events', headers = {}): WebSocket {
  const page = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers });
  page.on('error', () => undefined);
  pages.push(page);
  return page;
}

const listeners = () => server.exchanges.only.listeners.get(server.extensionOf('201').terminal)?.size ?? 0;

async function closed(page: WebSocket): Promise<string> {
  const [code, reason] = (await once(page, 'close')) as [number, Buffer];
  return `${code} ${reason.toString()}`;
}

async function openWith(message: string): Promise<WebSocket> {
  const page = open();
  await once(page, 'open');
  page.send(message);
  return page;
}

test('a page that shows its token is told of its terminal, and only while it is there', async () => {
  const { token } = await server.enrol('201');
  const page = await openWith(JSON.stringify({ token }));
  const [first] = (await once(page, 'message')) as [Buffer];
  expect(JSON.parse(first.toString())).toEqual({ kind: 'pulse', at: 1, registered: true });
  expect(listeners()).toBe(1);
  page.close();
  await expect.poll(listeners).toBe(0);
});

test('a page may say which phone of its terminal it is', async () => {
  const { token } = await server.enrol('201');
  for (const instance of ['urn:uuid:1', undefined])
    await once(await openWith(JSON.stringify({ token, instance })), 'message');
  expect(server.exchanges.only.instances).toEqual(['urn:uuid:1', null]);
});

test.for([
  ['an unknown token', '{"token":"guess"}'],
  ['no token', '{}'],
  ['no JSON', 'token'],
])('%s closes with 4401', async ([, message]) => {
  expect(await closed(await openWith(message ?? ''))).toMatch(/^4401 This browser is not enrolled/);
  expect(listeners()).toBe(0);
});

test('a page that says nothing is closed with 4401', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const page = open();
  await once(page, 'open');
  vi.advanceTimersByTime(5_000);
  expect(await closed(page)).toBe('4401 No token came');
});

test('a thousand silent connections do not keep a page out', async () => {
  const { token } = await server.enrol('201');
  const silent = Array.from({ length: 1_001 }, () => open());
  await Promise.all(silent.map((each) => once(each, 'open')));
  const page = await openWith(JSON.stringify({ token }));
  await once(page, 'message');
  expect(listeners()).toBe(1);
}, 20_000);

test('a terminal has 64 open pages at most: the next one may try again later', async () => {
  const { token } = await server.enrol('201');
  const hello = JSON.stringify({ token });
  await Promise.all(Array.from({ length: 64 }, () => openWith(hello)));
  await expect.poll(listeners).toBe(64);
  expect(await closed(await openWith(hello))).toMatch(/^1013 /);
  pages[0]?.close();
  await expect.poll(listeners).toBe(63);
  await once(await openWith(hello), 'message');
  expect(listeners()).toBe(64);
});

test('a revoked token closes the page that is open with it', async () => {
  const { token } = await server.enrol('201');
  const page = await openWith(JSON.stringify({ token }));
  await once(page, 'message');
  await server.call('DELETE /api/terminal/token', { headers: { authorization: `Bearer ${token}` } });
  expect(await closed(page)).toMatch(/^4401 This browser is not enrolled as a phone/);
});

test('revoking one browser leaves the others of its terminal alone', async () => {
  const [one, other] = [await server.enrol('201'), await server.enrol('201')];
  const pagesOfBoth = [];
  for (const { token } of [one, other]) pagesOfBoth.push(await openWith(JSON.stringify({ token })));
  await expect.poll(listeners).toBe(2);
  const headers = { authorization: `Bearer ${one.token}` };
  await server.call('DELETE /api/terminal/token', { headers });
  await expect.poll(listeners).toBe(1);
  expect(pagesOfBoth.map(({ readyState }) => readyState)).toEqual([WebSocket.CLOSED, WebSocket.OPEN]);
});

test('the open page of an extension is closed when it is suspended, and let in again when the suspension ends', async () => {
  const { token } = await server.enrol('201');
  const page = await openWith(JSON.stringify({ token }));
  await once(page, 'message');
  await server.call('PATCH /api/extensions/201', { body: { suspended: true } });
  expect(await closed(page)).toMatch(/^4403 Extension 201 is suspended/);
  await expect.poll(listeners).toBe(0);
  await server.call('PATCH /api/extensions/201', { body: { suspended: false } });
  await once(await openWith(JSON.stringify({ token })), 'message');
  expect(listeners()).toBe(1);
});

test('the page of a suspended extension may come back later', async () => {
  const { token } = await server.enrol('201');
  await server.call('PATCH /api/extensions/201', { body: { suspended: true } });
  expect(await closed(await openWith(JSON.stringify({ token })))).toMatch(/^4403 Extension 201 is suspended/);
});

test('a page can ask for topics once it has shown its token', async () => {
  const { token } = await server.enrol('201');
  const page = await openWith(JSON.stringify({ token }));
  const request = { subscribe: 'colleagues', after: { epoch: 'e', sequence: 7 } };
  page.send(JSON.stringify(request));
  page.send(JSON.stringify({ unsubscribe: 'colleagues' }));
  await expect.poll(() => server.exchanges.only.requests).toEqual([request, { unsubscribe: 'colleagues' }]);
});

test.for([
  ['of a topic that there is not', '{"subscribe":"secrets"}'],
  ['of no kind', '{"token":"again"}'],
  ['in no JSON', 'colleagues'],
])('a request %s closes with 1008', async ([, said]) => {
  const { token } = await server.enrol('201');
  const page = await openWith(JSON.stringify({ token }));
  page.send(said ?? '');
  expect(await closed(page)).toMatch(/^1008 /);
  expect(server.exchanges.only.requests).toEqual([]);
});

test('a page that asks without end is closed with 1008', async () => {
  const { token } = await server.enrol('201');
  const page = await openWith(JSON.stringify({ token }));
  for (let count = 0; count < 200; count++) page.send(JSON.stringify({ subscribe: 'colleagues' }));
  expect(await closed(page)).toMatch(/^1008 /);
  expect(server.exchanges.only.requests.length).toBeLessThan(100);
});

test('what is told to many pages reaches each of them whole, in one frame and in UTF-8', async () => {
  const { token } = await server.enrol('201');
  const pages: WebSocket[] = [];
  while (pages.length < 2) {
    const page = await openWith(JSON.stringify({ token }));
    // Its first pulse.
    await once(page, 'message');
    pages.push(page);
  }
  const name = 'Zoë \u{1F426} '.repeat(10_000);
  const snapshot: TopicEvent = {
    kind: 'snapshot',
    topic: 'colleagues',
    epoch: 'e',
    sequence: 1,
    lines: [{ number: '102', name, state: 'busy' } as TopicLine],
  };
  const heard = pages.map((page) => once(page, 'message') as Promise<[Buffer]>);
  for (const listener of server.exchanges.only.listeners.get(server.extensionOf('201').terminal) ?? [])
    listener(snapshot);
  for (const [data] of await Promise.all(heard)) expect(JSON.parse(data.toString())).toEqual(snapshot);
});

/** A page of management, with the cookie of the session that the test server has opened. */
async function openManagement(cookie = server.cookie()): Promise<WebSocket> {
  const page = open('/api/events', { cookie });
  await once(page, 'open');
  page.send('{"administrator":true}');
  return page;
}

test('a page of management is told that the server is alive, and can ask for topics', async () => {
  const page = await openManagement();
  const [first] = (await once(page, 'message')) as [Buffer];
  expect(JSON.parse(first.toString())).toEqual({ kind: 'alive', at: 1 });
  page.send(JSON.stringify({ subscribe: 'floor' }));
  page.send(JSON.stringify({ subscribe: 'extension/201' }));
  await expect
    .poll(() => server.exchanges.only.requests)
    .toEqual([{ subscribe: 'floor' }, { subscribe: 'extension/201' }]);
  page.close();
  await expect.poll(() => server.exchanges.only.administrators.size).toBe(0);
});

test.for([
  ['without a session', ''],
  ['with a session that there is not', 'perch_session=guess'],
])('a page of management %s is closed with 4401', async ([, cookie]) => {
  expect(await closed(await openManagement(cookie))).toBe('4401 Sign in first.');
  expect(server.exchanges.only.administrators.size).toBe(0);
});

test('signing out closes the pages of that session, and no others', async () => {
  const before = server.cookie();
  await server.call('POST /api/session', { body: ADMINISTRATOR });
  const [one, other] = [await openManagement(before), await openManagement()];
  await expect.poll(() => server.exchanges.only.administrators.size).toBe(2);
  await server.call('DELETE /api/session', { headers: { cookie: before } });
  expect(await closed(one)).toBe('4401 You are signed out.');
  expect(other.readyState).toBe(WebSocket.OPEN);
});

test('an administrator has 64 open pages at most', async () => {
  await Promise.all(Array.from({ length: 64 }, () => openManagement()));
  await expect.poll(() => server.exchanges.only.administrators.size).toBe(64);
  expect(await closed(await openManagement())).toMatch(/^1013 /);
});

test('a page that reads slowly is not dropped for one long list, but for several', async () => {
  const { token } = await server.enrol('201');
  const page = await openWith(JSON.stringify({ token }));
  await once(page, 'message');
  page.pause();
  const [tell] = server.exchanges.only.listeners.get(server.extensionOf('201').terminal) ?? [];
  // More than the buffers of the system hold.
  const list: TopicEvent = {
    kind: 'snapshot',
    topic: 'colleagues',
    epoch: 'e',
    sequence: 1,
    lines: [{ number: '102', name: 'x'.repeat(30_000_000) } as TopicLine],
  };
  const kinds: string[] = [];
  page.on('message', (data: Buffer) => void kinds.push(data.toString('latin1', 0, 18)));
  tell?.(list);
  tell?.({ kind: 'pulse', at: 1, registered: true });
  page.resume();
  await expect.poll(() => kinds).toEqual(['{"kind":"snapshot"', '{"kind":"pulse","a']);
  page.pause();
  for (let count = 0; count < 4; count++) tell?.(list);
  await expect.poll(listeners).toBe(0);
});

test('a page that says too much is dropped', async () => {
  const page = await openWith(JSON.stringify({ token: 'x'.repeat(5_000) }));
  expect(await closed(page)).toMatch(/^1009/);
});

test.for([
  ['/api/events', { origin: 'https://evil.test' }, 403],
  ['/api/other', {}, 404],
  ['/sip', {}, 418],
  ['/', { 'sec-websocket-protocol': 'sip' }, 418],
  ['/', { 'sec-websocket-protocol': 'chat' }, 404],
  ['/', {}, 404],
] as const)('an upgrade of %s with %j is answered with %i', async ([path, headers, status]) => {
  const [, response] = (await once(open(path, headers), 'unexpected-response')) as [
    unknown,
    { statusCode: number },
  ];
  expect(response.statusCode).toBe(status);
});

test('a page that never says goodbye does not keep the server from stopping', async () => {
  const { token } = await server.enrol('201');
  const page = await openWith(JSON.stringify({ token }));
  await once(page, 'message');
  page.pause();
  await server.http.close();
  await expect.poll(listeners).toBe(0);
});

test('a page may connect from the origin that a trusted proxy forwards, and not from the server’s own behind it', async () => {
  const behindProxy = { host: 'localhost', 'x-forwarded-host': 'localhost:39367' };
  await once(open('/api/events', { ...behindProxy, origin: 'http://localhost:39367' }), 'open');
  const [, response] = (await once(
    open('/api/events', { ...behindProxy, origin: 'http://localhost' }),
    'unexpected-response',
  )) as [unknown, { statusCode: number }];
  expect(response.statusCode).toBe(403);
  expect(server.journal.filter((line) => line.startsWith('origin-refused'))).toHaveLength(1);
});

test('a page of our own origin may connect', async () => {
  const page = open('/api/events', { origin: `http://127.0.0.1:${port}` });
  await once(page, 'open');
});

test('a script follows by its token what that was made for, as its maker, until it is revoked', async () => {
  const made = await server.call('POST /api/session/tokens', {
    body: { name: 'Wallboard', actions: ['view-floor'] },
  });
  const { secret, token } = made.json as { secret: string; token: { id: string } };
  const page = await openWith(JSON.stringify({ apiToken: secret }));
  const [first] = (await once(page, 'message')) as [Buffer];
  expect(JSON.parse(first.toString())).toEqual({ kind: 'alive', at: 1 });
  expect(server.exchanges.only.managing.at(-1)).toEqual({
    ...{ roles: ['operator', 'administrator'], extension: null, groups: null, actions: ['view-floor'] },
  });
  await server.call(`DELETE /api/session/tokens/${token.id}`);
  expect(await closed(page)).toBe('4401 You are signed out.');
  expect(await closed(await openWith(JSON.stringify({ apiToken: secret })))).toBe('4401 Sign in first.');
});

test('a script whose maker’s rights change is sent away to come back with those of now', async () => {
  const made = await server.call('POST /api/session/tokens', {
    body: { name: 'Wallboard', actions: ['view-floor'] },
  });
  const hello = JSON.stringify({ apiToken: (made.json as { secret: string }).secret });
  const page = await openWith(hello);
  await once(page, 'message');
  const [maker] = await server.storage.people.byEmail(ADMINISTRATOR.email);
  if (!maker) throw new Error('nobody has set up the server');
  await server.storage.people.update({ ...maker, roles: ['supervisor'], groups: ['Sales'] });
  page.send(JSON.stringify({ subscribe: 'floor' }));
  expect(await closed(page)).toBe('1012 Your rights have changed.');
  await once(await openWith(hello), 'message');
  expect(server.exchanges.only.managing.at(-1)).toMatchObject({ roles: ['supervisor'], groups: ['Sales'] });
});
