import { type Action, api, auditPage, type Endpoint, type TokenAction, TOKEN_ACTIONS } from '@perch/shared';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ADMINISTRATOR, startTestServer } from '../../support/test-server.ts';
import type { TestServer } from '../../support/test-server.ts';

const DAY_MS = 86_400_000;

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer({ canMail: false });
  await server.setUp();
  await server.call('POST /api/extensions', { body: { number: '101', name: 'Ada', kind: 'person' } });
});
afterEach(async () => {
  vi.useRealTimers();
  await server.close();
});

interface Made {
  readonly secret: string;
  readonly token: { readonly id: string; readonly expiresAt: number };
}

/** A token of the one who is signed in. */
async function make(actions: readonly TokenAction[], rest: object = {}): Promise<Made> {
  const body = { name: 'Nightly export', actions, ...rest };
  const { status, json } = await server.call('POST /api/session/tokens', { body });
  expect(status).toBe(200);
  return json as Made;
}

/** What a script is answered, which has no cookie. */
async function asked(secret: string, request: string, body?: object) {
  const [method, url] = request.split(' ') as ['GET', string];
  const response = await server.http.app.inject({
    ...{ method, url, headers: { authorization: `Bearer ${secret}` } },
    ...(body && { payload: body }),
  });
  const { code } = (response.headers['content-type']?.toString().includes('json') ? response.json() : {}) as {
    readonly code?: string;
  };
  return code === undefined ? String(response.statusCode) : `${response.statusCode} ${code}`;
}

const entries = async () => auditPage.parse((await server.call('GET /api/audit')).json).entries;

test('a token is shown once, kept as a hash, and says when and from where it was last used', async () => {
  const { secret, token } = await make(['view-extensions']);
  expect(secret).toMatch(/^perch_[\w-]{43}$/);
  expect((await server.call('GET /api/session/tokens')).json).toEqual([
    { ...token, name: 'Nightly export', actions: ['view-extensions'], usedAt: null, usedFrom: null },
  ]);
  expect(await asked(secret, 'GET /api/extensions')).toBe('200');
  const { text } = await server.call('GET /api/session/tokens');
  expect(text).toContain('"usedFrom":"127.0.0.1"');
  const { text: audit } = await server.call('GET /api/audit.csv');
  for (const seen of [text, audit]) expect(seen).not.toContain(secret);
  const [boss] = await server.storage.people.byEmail(ADMINISTRATOR.email);
  const [stored] = await server.storage.apiTokens.of(boss?.id ?? '');
  expect(stored?.hash.toString()).not.toContain(secret);
});

test('the audit says which token has acted, and what it was refused', async () => {
  const { secret } = await make(['change-extensions']);
  expect(await asked(secret, 'PATCH /api/extensions/101', { name: 'Ada L.' })).toBe('200');
  expect(await asked(secret, 'GET /api/floor')).toBe('403 forbidden');
  const who = `${ADMINISTRATOR.email} (token “Nightly export”)`;
  expect((await entries()).slice(0, 3)).toMatchObject([
    { who, action: 'floor', result: 'forbidden' },
    { who, action: 'changeExtension', about: '101', after: { name: 'Ada L.' } },
    { who: ADMINISTRATOR.email, action: 'makeToken', about: 'Nightly export' },
  ]);
});

test('a script that asks for what it may not, again and again, does not fill the audit', async () => {
  const [poll, other] = [await make(['view-audit']), await make(['view-audit'], { name: 'Wallboard' })];
  for (let count = 0; count < 40; count++)
    expect(await asked(poll.secret, 'GET /api/people')).toBe('403 forbidden');
  expect(await asked(other.secret, 'GET /api/people')).toBe('403 forbidden');
  const refused = (await entries()).filter(({ result }) => result === 'forbidden');
  expect(refused.map(({ who }) => who)).toEqual([
    `${ADMINISTRATOR.email} (token “Wallboard”)`,
    ...Array<string>(30).fill(`${ADMINISTRATOR.email} (token “Nightly export”)`),
  ]);
});

test('it ends when it expires, when it is revoked by its maker or another administrator, and with its maker', async () => {
  const own = await make(['view-extensions'], { days: 1 });
  vi.useFakeTimers({ toFake: ['Date'] });
  vi.setSystemTime(own.token.expiresAt - 1);
  expect(await asked(own.secret, 'GET /api/extensions')).toBe('200');
  vi.setSystemTime(own.token.expiresAt);
  expect(await asked(own.secret, 'GET /api/extensions')).toBe('401 not-signed-in');
  vi.setSystemTime(own.token.expiresAt - DAY_MS);
  expect(await asked(own.secret, 'GET /api/extensions')).toBe('200');
  const path = `DELETE /api/session/tokens/${own.token.id}`;
  expect((await server.call(path)).status).toBe(204);
  expect(await server.refusal(path)).toBe('404 not-found');
  expect(await asked(own.secret, 'GET /api/extensions')).toBe('401 not-signed-in');

  const [boss] = await server.storage.people.byEmail(ADMINISTRATOR.email);
  if (!boss) throw new Error('nobody has set up the server');
  const eve = { ...boss, id: '1b5c2bcc-6f6a-4c3f-9d0e-2f6d9f3b8a11', email: 'eve@demo.test' };
  await server.storage.people.insert({ ...eve, roles: ['administrator'] });
  const bySession = async (email: string) =>
    server.call('POST /api/session', { body: { ...ADMINISTRATOR, email } });
  await bySession(eve.email);
  const [first, second] = [await make(['view-extensions']), await make(['view-extensions'])];
  await bySession(ADMINISTRATOR.email);
  const theirs = `people/${eve.id}/tokens`;
  expect((await server.call(`GET /api/${theirs}`)).json).toHaveLength(2);
  expect((await server.call(`DELETE /api/${theirs}/${first.token.id}`)).status).toBe(204);
  expect((await entries())[0]).toMatchObject({
    ...{ who: ADMINISTRATOR.email, action: 'revokePersonToken', about: eve.email, result: 'done' },
    ...{ before: { token: 'Nightly export' }, after: null },
  });
  expect(await asked(first.secret, 'GET /api/extensions')).toBe('401 not-signed-in');
  expect(await asked(second.secret, 'GET /api/extensions')).toBe('200');
  await server.call(`DELETE /api/people/${eve.id}`);
  expect(await asked(second.secret, 'GET /api/extensions')).toBe('401 not-signed-in');
});

const forPeople = Object.entries<Endpoint>(api).filter(
  ([, { access }]) => access !== 'anyone' && access !== 'terminal',
);
const requestOf = ({ method, path }: Endpoint) =>
  `${method} ${path
    .replace(':number', '101')
    .replaceAll(/:(person|apiToken)/g, '9b5c2bcc-6f6a-4c3f-9d0e-2f6d9f3b8a11')
    .replace(/:\w+/, 'x'.repeat(43))}`;

const OUTLIVING = [
  ...['use-account', 'manage-people', 'manage-organizations', 'manage-personal-data', 'manage-webhooks'],
];

test('every operation is refused that a token was not made for, those of accounts always', async () => {
  const [none, all] = [await make(['view-audit']), await make(TOKEN_ACTIONS)];
  for (const [name, endpoint] of forPeople) {
    const { access } = endpoint;
    const refused = await asked(none.secret, requestOf(endpoint), {});
    if (access !== 'view-audit')
      expect([name, refused]).toEqual([name, expect.stringMatching(/^4\d\d (forbidden|invalid-request)$/)]);
    const answered = await asked(all.secret, requestOf(endpoint), {});
    if (OUTLIVING.includes(access)) expect([name, answered]).toEqual([name, '403 forbidden']);
    else expect([name, answered]).not.toEqual([name, expect.stringMatching(/forbidden|not-signed-in/)]);
  }
});

test('a token that was made for people while that was possible does not reach them', async () => {
  const { secret, token } = await make(['view-extensions']);
  const [boss] = await server.storage.people.byEmail(ADMINISTRATOR.email);
  const [stored] = await server.storage.apiTokens.of(boss?.id ?? '');
  if (!stored) throw new Error('no token is stored');
  await server.storage.apiTokens.delete(stored.person, token.id);
  const actions = ['view-extensions', 'manage-people', 'use-account'] as readonly Action[];
  await server.storage.apiTokens.insert({ ...stored, actions: actions as readonly TokenAction[] });
  expect(await asked(secret, 'GET /api/extensions')).toBe('200');
  const eve = { email: 'eve@demo.test', roles: ['administrator'] };
  expect(await asked(secret, 'POST /api/people', eve)).toBe('403 forbidden');
  expect(await asked(secret, 'GET /api/session/tokens')).toBe('403 forbidden');
  const { json } = await server.call('GET /api/session/tokens');
  expect(json).toMatchObject([{ actions: ['view-extensions'] }]);
  for (const action of ['manage-people', 'manage-organizations', 'use-account']) {
    const body = { name: 'People', actions: [action] };
    expect(await server.refusal('POST /api/session/tokens', { body })).toBe('400 invalid-request');
  }
});

test('nobody makes a token for what their roles do not allow', async () => {
  const [boss] = await server.storage.people.byEmail(ADMINISTRATOR.email);
  if (!boss) throw new Error('nobody has set up the server');
  await server.storage.people.update({ ...boss, roles: ['supervisor'] });
  const body = { name: 'Nightly', actions: ['view-records', 'change-extensions'] };
  expect(await server.refusal('POST /api/session/tokens', { body })).toBe('403 forbidden');
  expect((await server.call('GET /api/session/tokens')).json).toEqual([]);
  await make(['view-records']);
});

test('a token may never do more than its maker may at that moment', async () => {
  const { secret } = await make(['view-audit', 'view-extensions', 'change-extensions']);
  const [boss] = await server.storage.people.byEmail(ADMINISTRATOR.email);
  if (!boss) throw new Error('nobody has set up the server');
  await server.storage.people.update({ ...boss, roles: ['supervisor'], groups: ['Sales'] });
  expect(await asked(secret, 'GET /api/audit')).toBe('403 forbidden');
  expect(await asked(secret, 'PATCH /api/extensions/101', { name: 'X' })).toBe('403 forbidden');
  expect(await asked(secret, 'GET /api/extensions/101')).toBe('404 not-found');
  await server.storage.people.update({ ...boss, roles: ['supervisor'] });
  expect(await asked(secret, 'GET /api/extensions/101')).toBe('200');
  await server.storage.secondFactors.setPolicy(boss.organization, { secondFactorOf: 'everyone' });
  expect(await asked(secret, 'GET /api/extensions/101')).toBe('403 second-factor-missing');
  const body = { name: 'Another', actions: ['view-extensions'] };
  expect(await server.refusal('POST /api/session/tokens', { body })).toBe('403 second-factor-missing');
});

test('what no token is, is refused, beside a session too; a page of another site can do no more with one', async () => {
  const { secret } = await make(['change-extensions']);
  for (const guess of ['perch_', `${secret}x`, 'x'.repeat(43)])
    expect(
      await server.refusal('GET /api/extensions', { headers: { authorization: `Bearer ${guess}` } }),
    ).toBe('401 not-signed-in');
  const headers = { authorization: `Bearer ${secret}`, origin: 'https://evil.test' };
  const change = { headers, body: { name: 'X' } };
  expect(await server.refusal('PATCH /api/extensions/101', change)).toBe('403 cross-origin');
});

test('somebody has at most 50', async () => {
  for (let count = 0; count < 50; count++) await make(['view-extensions']);
  const body = { name: 'One more', actions: ['view-extensions'] };
  expect(await server.refusal('POST /api/session/tokens', { body })).toBe('409 too-many-tokens');
});
