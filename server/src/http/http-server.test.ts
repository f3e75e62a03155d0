import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { api, type Endpoint } from '@perch/shared';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { Unwritable } from '../management/unwritable.ts';
import { ADMINISTRATOR, METRICS_TOKEN, ORGANIZATION, startTestServer } from './support/test-server.ts';
import type { TestServer } from './support/test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

function build(): void {
  const client = join(server.folder, 'client');
  mkdirSync(join(client, 'assets'), { recursive: true });
  for (const page of ['index', 'terminal', 'admin', 'setup', 'sign-in'])
    writeFileSync(join(client, `${page}.html`), `<title>${page}</title>`);
  writeFileSync(join(client, 'sw.js'), 'worker');
  writeFileSync(join(client, 'assets', 'index-a1b2.js'), 'script');
  writeFileSync(join(server.folder, 'secret'), 'secret');
}

test('while the client is not built, a page says so', async () => {
  const before = await server.call('GET /station');
  expect(before.status).toBe(503);
  expect(before.text).toContain('The pages are not built yet');
  build();
  expect((await server.call('GET /station')).status).toBe(200);
});

test.for([
  ['/', 'index'],
  ['/station', 'terminal'],
  ['/station/201', 'terminal'],
  ['/phone', 'terminal'],
  ['/phone/101', 'terminal'],
  ['/admin', 'admin'],
  ['/admin/extensions/101', 'admin'],
  ['/setup', 'setup'],
  ['/sign-in', 'sign-in'],
])('%s is the page %s, never from a cache without asking', async ([url, page]) => {
  const { status, text, headers } = await server.call(`GET ${String(url)}`);
  expect([status, text]).toEqual([200, `<title>${String(page)}</title>`]);
  expect(headers['cache-control']).toBe('no-cache');
});

test('a file with a hash in its name may be cached for ever, the service worker not', async () => {
  const script = await server.call('GET /assets/index-a1b2.js');
  expect(script.headers['cache-control']).toBe('public, max-age=31536000, immutable');
  expect((await server.call('GET /sw.js')).headers['cache-control']).toBe('no-cache');
});

test.for([
  '/nothing',
  '/api/nothing',
  '/stations',
  '/../secret',
  '/%2e%2e/secret',
  '/assets/..%2f..%2fsecret',
])('%s is not there', async (url) => {
  expect(await server.refusal(`GET ${url}`)).toBe('404 not-found');
});

test('for an unknown address a browser gets a page that says so; a program gets a problem', async () => {
  const folder = join(server.folder, 'client');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Perch</title>');
  writeFileSync(join(folder, 'favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  const browser = { headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } };
  for (const url of ['/nothing', '/stations', '/phone/101/102', '/no/such.html?page=1']) {
    const page = await server.call(`GET ${url}`, browser);
    expect([url, page.status, page.text]).toEqual([url, 404, '<!doctype html><title>Perch</title>']);
    expect(page.headers['content-type']).toMatch(/^text\/html/);
  }
  for (const url of ['/api/nothing', '/api', '/assets/nothing.js'])
    expect([url, await server.refusal(`GET ${url}`, browser)]).toEqual([url, '404 not-found']);
  expect(await server.refusal('GET /nothing')).toBe('404 not-found');
  expect(await server.refusal('POST /nothing', browser)).toBe('404 not-found');
  const icon = await server.call('GET /favicon.ico');
  expect([icon.status, icon.headers['content-type']]).toEqual([200, 'image/svg+xml']);
});

test.for([
  ['the cookie of the pages', { cookie: 'perch-language=fr', 'accept-language': 'de' }, 'Il n’y a rien ici.'],
  ['Accept-Language', { 'accept-language': 'nl, ro;q=0.8, de;q=0.5' }, 'Aici nu este nimic.'],
  ['no language that Perch speaks', { 'accept-language': 'nl' }, 'There is nothing here.'],
] as const)('a refusal is in the language of the person who asks, by %s', async ([, headers, detail]) => {
  const { json } = await server.call('GET /api/nothing', { headers });
  expect(json).toMatchObject({ code: 'not-found', detail });
});

test('every answer forbids browsers what our pages do not need', async () => {
  const { headers } = await server.call('GET /healthz');
  expect(headers).toMatchObject({
    'content-security-policy': expect.stringMatching(
      /^default-src 'self';(?!.*upgrade-insecure).*frame-ancestors 'none'/,
    ),
    'permissions-policy': expect.stringContaining('microphone=(self)'),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  });
  expect(headers['strict-transport-security']).toBeUndefined();
});

test('under https, browsers are told to stay there, and cookies too', async () => {
  const other = await startTestServer({ trustsProxy: (address) => address === '127.0.0.1' });
  const byTls = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'phone.example.org' };
  const { headers } = await other.call('GET /healthz', { headers: byTls });
  expect(headers['strict-transport-security']).toBe('max-age=31536000');
  expect(headers['cross-origin-opener-policy']).toBe('same-origin');
  expect(headers['content-security-policy']).toContain('wss://phone.example.org');
  await other.setUp();
  const signedIn = await other.call('POST /api/session', {
    body: { email: 'boss@demo.test', password: 'correct horse battery' },
    headers: byTls,
  });
  expect(signedIn.cookie).toMatchObject({ secure: true });
  await other.call('POST /api/extensions', {
    body: { number: '101', name: 'Ada', kind: 'person' },
    headers: byTls,
  });
  const link = await other.call('POST /api/extensions/101/enrolments', { body: {}, headers: byTls });
  expect(link.json).toMatchObject({
    url: expect.stringMatching(/^https:\/\/phone\.example\.org\/phone\/101#/),
  });
  const clear = await other.call('GET /healthz', { headers: { host: 'localhost:8080' } });
  expect(clear.headers['strict-transport-security']).toBeUndefined();
  await other.close();
});

test.for([
  ['::ffff:203.0.113.9', (n: number) => `198.51.100.1:${50_000 + n}`],
  ['203.0.113.9', (n: number) => `garbage-${n}`],
  ['203.0.113.9', (n: number) => `[2001:db8::${n.toString(16)}]:443`],
] as const)(
  'behind the proxy %s, other spellings of an address are the same visitor',
  async ([remoteAddress, write]) => {
    const other = await startTestServer({ trustsProxy: (address) => address === '203.0.113.9' });
    const statuses = [];
    for (let n = 1; n <= 11; n += 1) {
      const { statusCode } = await other.http.app.inject({
        method: 'POST',
        url: '/api/setup',
        remoteAddress,
        headers: { 'x-forwarded-for': write(n) },
        payload: { token: 'a guess', organization: ORGANIZATION, administrator: ADMINISTRATOR },
      });
      statuses.push(statusCode);
    }
    expect(statuses).toEqual([...new Array<number>(10).fill(403), 429]);
    await other.close();
  },
);

/** The description, as somebody reads it who is signed in. */
async function description(): Promise<unknown> {
  await server.setUp();
  return (await server.call('GET /api/openapi.json')).json;
}

test('OpenAPI is for people and their scripts, unless it is said to be for anyone', async () => {
  expect(await server.refusal('GET /api/openapi.json')).toBe('401 not-signed-in');
  const headers = { authorization: 'Bearer perch_guess' };
  expect(await server.refusal('GET /api/openapi.json', { headers })).toBe('401 not-signed-in');
  const open = await startTestServer({ isDescribedToAll: true });
  expect(await open.call('GET /api/openapi.json')).toMatchObject({ status: 200, json: { openapi: '3.1.0' } });
  await open.close();
});

test('OpenAPI describes every parameter of every path and query', async () => {
  interface Parameter {
    readonly in: string;
    readonly name: string;
    readonly required?: boolean;
    readonly schema: object;
  }
  const { paths } = (await description()) as {
    paths: Record<string, Record<string, { readonly parameters?: readonly Parameter[] }>>;
  };
  for (const { method, path, query } of Object.values<Endpoint>(api)) {
    const parameters = paths[path.replaceAll(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()]?.parameters ?? [];
    const named = (where: string) => parameters.filter((one) => one.in === where).map(({ name }) => name);
    expect([path, named('path')]).toEqual([path, Array.from(path.matchAll(/:(\w+)/g), ([, name]) => name)]);
    const asked = query instanceof z.ZodMiniObject ? Object.keys(query.shape) : [];
    expect([path, named('query').sort()]).toEqual([path, asked.sort()]);
    for (const { in: where, required, schema } of parameters)
      expect([path, where === 'query' || required, Object.keys(schema).length > 0]).toEqual([
        path,
        true,
        true,
      ]);
  }
});

test('OpenAPI describes every operation of the contract', async () => {
  const json = await description();
  const { paths, openapi } = json as { openapi: string; paths: Record<string, Record<string, object>> };
  expect(openapi).toBe('3.1.0');
  const described = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const operations = Object.values(api).map(
    ({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`,
  );
  expect(described.sort()).toEqual(operations.sort());
  expect(paths['/api/extensions']?.['post']).toMatchObject({
    summary: 'Creates an extension and its home terminal.',
    security: [{ session: [] }, { apiToken: [] }],
    requestBody: { content: { 'application/json': { schema: { required: ['number', 'name', 'kind'] } } } },
    responses: {
      200: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Extension' } } } },
      '4XX': {
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  });
});

test('OpenAPI says which operations take and return sounds, and what their paths contain', async () => {
  const json = await description();
  const { paths } = json as { paths: Record<string, Record<string, Record<string, object>>> };
  const greeting = paths['/api/terminal/voicemail/greeting'];
  const { content } = (greeting?.['put']?.['requestBody'] ?? {}) as { readonly content?: object };
  expect(Object.keys(content ?? {})).toEqual(['audio/*', 'application/octet-stream']);
  expect(greeting?.['put']).toMatchObject({
    responses: {
      200: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Mailbox' } } } },
    },
  });
  const recording = paths['/api/terminal/voicemail/messages/{message}/recording']?.['get'];
  expect(recording).toMatchObject({
    security: [{ terminalToken: [] }],
    parameters: [{ in: 'path', name: 'message', required: true, schema: { format: 'uuid' } }],
  });
  expect(recording?.['responses']).toMatchObject({
    200: { description: expect.stringContaining('Ogg Opus'), content: { 'audio/ogg': {} } },
  });
  expect(greeting?.['get']?.['responses']).toHaveProperty(['200', 'content', 'audio/ogg']);
});

test('with a full disk, changes are refused with a sentence, and the server is not ready', async () => {
  const other = await startTestServer();
  await other.setUp();
  other.signedOut();
  expect(await other.call('GET /readyz')).toMatchObject({
    status: 503,
    json: { reason: expect.stringContaining('voicemail') },
  });
  mkdirSync(join(other.folder, 'data', 'voicemail'));
  await expect.poll(async () => (await other.call('GET /readyz')).json).toEqual({ status: 'ready' });
  expect((await other.call('GET /healthz')).json).toEqual({ status: 'ok' });

  other.storage.people.openSession = async () => {
    throw new Unwritable('full', 'perch.db', new Error('SQLITE_FULL'));
  };
  const { status, json } = await other.call('POST /api/session', { body: ADMINISTRATOR });
  expect([status, json]).toMatchObject([
    507,
    { code: 'disk-full', detail: expect.stringMatching(/^Nothing was changed: .* it is full\.$/) },
  ]);
  await other.close();
});

test.for([
  ['with the token', { authorization: `Bearer ${METRICS_TOKEN}` }, 200],
  ['without', {}, 404],
  ['with another', { authorization: 'Bearer a-token-that-is-long-enougH' }, 404],
  [
    'through a proxy that is not trusted',
    { authorization: `Bearer ${METRICS_TOKEN}`, 'x-forwarded-for': '127.0.0.1' },
    404,
  ],
] as const)('metrics are read %s: %j, %i', async ([, headers, status]) => {
  expect((await server.call('GET /metrics', { headers })).status).toBe(status);
});

test('without a token in the environment, no one can read metrics, not even locally', async () => {
  const other = await startTestServer({ metricsToken: undefined });
  expect((await other.call('GET /metrics')).status).toBe(404);
  expect((await other.call('GET /metrics', { headers: { authorization: 'Bearer undefined' } })).status).toBe(
    404,
  );
  await other.close();
});

test('while an account is guessed from many networks, an owner who signed in recently is let in', async () => {
  const other = await startTestServer();
  await other.setUp();
  const { http } = other;
  const tryFrom = (remoteAddress: string, password: string) =>
    http.app.inject({
      method: 'POST',
      url: '/api/session',
      remoteAddress,
      payload: { ...ADMINISTRATOR, password },
    });
  expect((await tryFrom('198.51.100.1', ADMINISTRATOR.password)).statusCode).toBe(200);
  for (const house of ['a', 'b', 'c', 'd'])
    for (let host = 1; host <= 3; host += 1)
      await tryFrom(`2001:db8:${house}::${host}`, 'a guess or another');
  expect((await tryFrom('2001:db8:a::99', 'a guess or another')).statusCode).toBe(429);
  expect((await tryFrom('198.51.100.1', ADMINISTRATOR.password)).statusCode).toBe(200);
  await other.close();
});

test.for([
  ['{"token":', '400 invalid-request'],
  ['"'.repeat(70_000), '400 invalid-request'],
] as const)(
  'a body that is not JSON, or too long, is refused with a sentence',
  async ([payload, expected]) => {
    const response = await server.http.app.inject({
      method: 'POST',
      url: '/api/session',
      headers: { 'content-type': 'application/json' },
      payload,
    });
    expect(`${response.statusCode} ${response.json<{ code: string }>().code}`).toBe(expected);
  },
);

test('a port that is taken is reported in a sentence', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const second = await startTestServer({ port });
  await expect(second.http.listen()).rejects.toThrow(`Port ${port} is taken by another program.`);
  await second.close();
  other.close();
});

test('silent connections give way to new ones, as many as the bounds allow', async () => {
  const few = { most: 2, mostOfNetwork: 2 };
  const other = await startTestServer({ bounds: { connections: few, flows: few, pages: few } });
  const port = await other.http.listen();
  const open = async () => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    await Promise.all([once(socket, 'connect'), once(other.http.app.server, 'connection')]);
    return socket;
  };
  const sockets = [await open(), await open()] as const;
  const closed = once(sockets[0], 'close');
  sockets.map((socket) => socket.resume());
  const last = await open();
  await closed;
  expect([sockets[1].destroyed, last.destroyed]).toEqual([false, false]);
  for (const socket of [sockets[1], last]) socket.destroy();
  await other.close();
});
