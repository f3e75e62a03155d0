import { personLink, personView } from '@perch/shared';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { ADMINISTRATOR, startTestServer } from '../../support/test-server.ts';
import type { TestServer } from '../../support/test-server.ts';

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer({ canMail: false });
  await server.setUp();
});
afterEach(() => server.close());

const PASSWORD = 'a new and long password';
const ADA = { email: 'ada@demo.test', roles: ['supervisor'], groups: ['Sales'] };

const tokenOf = ({ json }: { readonly json: unknown }): string =>
  new URL(personLink.parse(json).url ?? '').hash.slice(1);
const invite = async (body: object = ADA) => tokenOf(await server.call('POST /api/people', { body }));
const choose = (token: string, password = PASSWORD) =>
  server.call('POST /api/links/use', { body: { token, password } });
const signIn = (email: string, password = PASSWORD, rest: object = {}) =>
  server.call('POST /api/session', { body: { email, password, ...rest } });
const people = async () => z.array(personView).parse((await server.call('GET /api/people')).json);
const idOf = async (email: string) => (await people()).find((one) => one.email === email)?.id ?? '';
const asAdministrator = () => signIn(ADMINISTRATOR.email, ADMINISTRATOR.password);

test('somebody is invited by a link, chooses a password with it once, and signs in with the rights they were given', async () => {
  const token = await invite();
  expect(await people()).toMatchObject([
    { email: 'ada@demo.test', roles: ['supervisor'], groups: ['Sales'], isInvited: true, sessions: 0 },
    { email: ADMINISTRATOR.email, roles: ['operator', 'administrator'], isInvited: false, sessions: 1 },
  ]);
  server.signedOut();
  const look = await server.call('POST /api/links/look', { body: { token } });
  expect(look.json).toEqual({ email: 'ada@demo.test', organization: 'Demo' });
  expect(await server.refusal('POST /api/links/use', { body: { token, password: 'short' } })).toBe(
    '400 invalid-request',
  );
  expect((await choose(token)).status).toBe(204);
  expect((await choose(token, 'another long password')).json).toMatchObject({ code: 'link-invalid' });
  expect((await signIn('ada@demo.test')).json).toMatchObject({ roles: ['supervisor'], extension: null });
  expect(server.journal.filter((line) => line.startsWith('password-chosen'))).toHaveLength(1);
});

test('people choose their language, and find it wherever they sign in; with an extension, it is that of the extension', async () => {
  const language = async () =>
    ((await server.call('GET /api/session')).json as { session: { language: string | null } }).session
      .language;
  expect((await server.call('PUT /api/session/language', { body: { language: 'fr' } })).status).toBe(204);
  server.signedOut();
  await asAdministrator();
  expect(await language()).toBe('fr');
  await server.call('POST /api/extensions', { body: { number: '101', name: 'Ada', kind: 'person' } });
  const link = await invite({ email: 'ada@demo.test', roles: ['owner'], extension: '101' });
  await choose(link);
  await signIn('ada@demo.test');
  expect(await language()).toBeNull();
  expect((await server.call('PUT /api/session/language', { body: { language: 'ro' } })).status).toBe(204);
  expect([await language(), server.extensionOf('101').language]).toEqual(['ro', 'ro']);
  await asAdministrator();
  await server.call('PATCH /api/extensions/101', { body: { language: null } });
  expect(await language()).toBe('fr');
  await signIn('ada@demo.test');
  expect(await language()).toBeNull();
});

test('of two who use a link at once, one chooses the password', async () => {
  const token = await invite();
  const both = await Promise.all([choose(token), choose(token, 'another long password')]);
  expect(both.map(({ status }) => status).sort()).toEqual([204, 410]);
});

test('a link expires, and a newer one takes its place', async () => {
  const first = await invite();
  const second = tokenOf(await server.call(`POST /api/people/${await idOf('ada@demo.test')}/link`));
  expect((await choose(first)).json).toMatchObject({ code: 'link-invalid' });
  const { expiresAt } = personLink.parse(
    (await server.call(`POST /api/people/${await idOf('ada@demo.test')}/link`)).json,
  );
  expect((await choose(second)).status).toBe(410);
  expect(Math.round((expiresAt - Date.now()) / 86_400_000)).toBe(7);
});

test('a new password ends every session of the person, and the old password', async () => {
  await choose(await invite());
  await signIn('ada@demo.test');
  const adas = { headers: { cookie: server.cookie() } };
  await asAdministrator();
  const token = tokenOf(await server.call(`POST /api/people/${await idOf('ada@demo.test')}/link`));
  expect((await server.call('GET /api/floor', adas)).status).toBe(200);
  await choose(token, 'another long password');
  expect(await server.refusal('GET /api/floor', adas)).toBe('401 not-signed-in');
  expect((await signIn('ada@demo.test')).status).toBe(401);
  expect((await signIn('ada@demo.test', 'another long password')).status).toBe(200);
});

test('an owner signs in beside their phone, and loses that with the right', async () => {
  await server.call('POST /api/extensions', { body: { number: '101', name: 'Ada', kind: 'person' } });
  const wish = { email: 'ada@demo.test', roles: ['owner'] };
  expect(await server.refusal('POST /api/people', { body: wish })).toBe('400 invalid-request');
  expect(await server.refusal('POST /api/people', { body: { ...wish, extension: '999' } })).toBe(
    '404 not-found',
  );
  await choose(await invite({ ...wish, extension: '101' }));
  expect((await signIn('ada@demo.test')).json).toMatchObject({ roles: ['owner'], extension: '101' });
  const adas = { headers: { cookie: server.cookie() } };
  expect(
    (await server.call('PUT /api/extensions/101/secret-code', { ...adas, body: { code: '4711' } })).status,
  ).toBe(204);
  await asAdministrator();
  const path = `PATCH /api/people/${await idOf('ada@demo.test')}`;
  expect((await server.call(path, { body: { roles: ['supervisor'] } })).json).toMatchObject({
    extension: null,
  });
  expect(await server.refusal('GET /api/extensions/101', adas)).toBe('401 not-signed-in');
});

test('somebody who is removed is signed out at once; the last administrator stays', async () => {
  await choose(await invite());
  await signIn('ada@demo.test');
  const adas = { headers: { cookie: server.cookie() } };
  await asAdministrator();
  const own = await idOf(ADMINISTRATOR.email);
  expect(await server.refusal(`DELETE /api/people/${own}`)).toBe('409 last-administrator');
  const less = { body: { roles: ['operator'] } };
  expect(await server.refusal(`PATCH /api/people/${own}`, less)).toBe('409 last-administrator');
  expect((await server.call(`DELETE /api/people/${await idOf('ada@demo.test')}`)).status).toBe(204);
  expect(await server.refusal('GET /api/floor', adas)).toBe('401 not-signed-in');
  expect((await signIn('ada@demo.test')).status).toBe(401);
});

test('sessions are listed and ended, by oneself and by an administrator', async () => {
  await choose(await invite());
  const headers = { 'user-agent': 'Mozilla/5.0 (test)' };
  await server.call('POST /api/session', { body: { email: 'ada@demo.test', password: PASSWORD }, headers });
  const first = { headers: { cookie: server.cookie() } };
  await signIn('ada@demo.test');
  const { json } = await server.call('GET /api/session/all');
  expect(json).toMatchObject([
    { isOwn: true },
    { isOwn: false, browser: 'Mozilla/5.0 (test)', address: '127.0.0.1' },
  ]);
  const [, other] = json as { id: string }[];
  expect((await server.call(`DELETE /api/session/all/${other?.id}`)).status).toBe(204);
  expect(await server.refusal('GET /api/floor', first)).toBe('401 not-signed-in');
  const second = { headers: { cookie: server.cookie() } };
  await asAdministrator();
  const path = `/api/people/${await idOf('ada@demo.test')}/sessions`;
  const [left] = (await server.call(`GET ${path}`)).json as { id: string }[];
  // Somebody else’s session is not ended by one's own list.
  expect(await server.refusal(`DELETE /api/session/all/${left?.id}`)).toBe('404 not-found');
  expect((await server.call(`DELETE ${path}/${left?.id}`)).status).toBe(204);
  expect(await server.refusal('GET /api/floor', second)).toBe('401 not-signed-in');
});

test('an operator creates an organization while the server runs; nothing of it is seen here, nor the other way round', async () => {
  const wish = { name: 'Other', domain: 'other.test', administrator: ADMINISTRATOR.email };
  const token = tokenOf(await server.call('POST /api/organizations', { body: wish }));
  expect(await server.refusal('POST /api/organizations', { body: wish })).toBe('409 domain-taken');
  expect((await server.call('GET /api/organizations')).json).toEqual([
    { name: 'Demo', domain: 'demo.test' },
    { name: 'Other', domain: 'other.test' },
  ]);
  await server.call('POST /api/extensions', { body: { number: '101', name: 'Ours', kind: 'person' } });
  await choose(token);
  expect((await signIn(ADMINISTRATOR.email)).json).toMatchObject({
    roles: ['administrator'],
    organization: { name: 'Other' },
  });
  expect((await server.call('GET /api/extensions')).json).toEqual([]);
  expect(await people()).toHaveLength(1);
  await server.call('POST /api/extensions', { body: { number: '101', name: 'Theirs', kind: 'person' } });
  await asAdministrator();
  expect((await server.call('GET /api/extensions')).json).toMatchObject([{ name: 'Ours' }]);
});

test('where the same person is known to two organizations by one password, they say which', async () => {
  const wish = { name: 'Other', domain: 'other.test', administrator: ADMINISTRATOR.email };
  const token = tokenOf(await server.call('POST /api/organizations', { body: wish }));
  await choose(token, ADMINISTRATOR.password);
  expect((await asAdministrator()).json).toMatchObject({ code: 'organization-needed' });
  const as = (organization: string) => signIn(ADMINISTRATOR.email, ADMINISTRATOR.password, { organization });
  expect((await as('other.test')).json).toMatchObject({ organization: { name: 'Other' } });
  expect((await as('Demo.test')).json).toMatchObject({ organization: { name: 'Demo' } });
  expect((await as('third.test')).json).toMatchObject({ code: 'wrong-credentials' });
});

test('links are mailed where the server can, and shown where the mail server does not take them', async () => {
  const other = await startTestServer();
  await other.setUp();
  const ask = async (email: string) =>
    personLink.parse((await other.call('POST /api/people', { body: { email, roles: ['supervisor'] } })).json);
  expect((await ask('ada@demo.test')).url).toBeNull();
  const mail = { to: 'ada@demo.test', organization: 'Demo', isInvitation: true };
  expect(other.mailed).toMatchObject([{ ...mail, language: 'en' }]);
  other.meanwhile.mailing = () => false;
  expect((await ask('ben@demo.test')).url).toMatch(/\/admin\/welcome#[\w-]{43}$/);
  await other.close();
});

test('somebody who has forgotten their password is mailed a link, and nobody learns who is known', async () => {
  const other = await startTestServer();
  await other.setUp();
  other.signedOut();
  const forgot = (email: string) => other.call('POST /api/links/forgot', { body: { email } });
  const answers = [await forgot('nobody@demo.test'), await forgot(ADMINISTRATOR.email)];
  expect(answers.map(({ status, text }) => [status, text])).toEqual([
    [204, ''],
    [204, ''],
  ]);
  await expect.poll(() => other.mailed).toMatchObject([{ to: ADMINISTRATOR.email, isInvitation: false }]);
  for (let count = 0; count < 3; count++) await forgot('nobody@demo.test');
  expect((await forgot('nobody@demo.test')).status).toBe(429);
  await other.close();
  expect(await server.refusal('POST /api/links/forgot', { body: { email: 'a@b.test' } })).toBe('409 no-mail');
});

test('links are not guessed without end', async () => {
  const look = () => server.refusal('POST /api/links/look', { body: { token: 'guess' } });
  for (let count = 0; count < 10; count++) expect(await look()).toBe('410 link-invalid');
  expect(await look()).toBe('429 too-many-requests');
});
