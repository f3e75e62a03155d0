import { auditPage, type PersonView } from '@perch/shared';
import { Secret, TOTP } from 'otpauth';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FakeIdentityProvider } from '../../../management/support/fake-identity-provider.ts';
import { ADMINISTRATOR, startTestServer } from '../../support/test-server.ts';
import type { TestServer } from '../../support/test-server.ts';

const EVE = 'eve@demo.test';
const AT = '/api/session/provider';

let provider: FakeIdentityProvider;
let server: TestServer;
beforeEach(async () => {
  provider = new FakeIdentityProvider();
  server = await startTestServer({ canMail: false, provider });
  await server.setUp();
  await server.call('POST /api/people', { body: { email: EVE, roles: ['supervisor'] } });
  server.signedOut();
});
afterEach(() => server.close());

/** A browser without a session, with what it keeps of its sign-in. */
class Visitor {
  #cookie = '';

  /** @returns where it is sent. */
  async go(request: string, body?: object) {
    const [method, url] = request.split(' ') as ['GET', string];
    const response = await server.http.app.inject({
      ...{ method, url, headers: { cookie: this.#cookie } },
      ...(body && { payload: body }),
    });
    for (const { name, value } of response.cookies)
      if (name === 'perch_sign_in') this.#cookie = `${name}=${value}`;
    const session = response.cookies.find(({ name }) => name === 'perch_session');
    return { to: response.headers.location, status: response.statusCode, session, text: response.body };
  }

  /** Goes to the provider. @returns its state, with which it would come back. */
  async begin(query = ''): Promise<string> {
    const { to } = await this.go(`GET ${AT}${query}`);
    return new URL(String(to)).searchParams.get('state') ?? '';
  }

  back = (state: string) => this.go(`GET ${AT}/callback?code=${state}&state=${state}`);

  /** There and back. @returns where it ends, and whether it is signed in. */
  async signIn(query?: string) {
    const { to, session } = await this.back(await this.begin(query));
    return [to, session !== undefined];
  }
}

const refused = (code: string) => [`/admin?sign-in=${code}`, false];
const IN = ['/admin', true];
const asAdministrator = async (request: string, body?: object) => {
  await server.call('POST /api/session', { body: ADMINISTRATOR });
  return server.call(request, { body });
};
const eve = async () => {
  const people = (await asAdministrator('GET /api/people')).json as PersonView[];
  return people.find(({ email }) => email === EVE);
};
const entries = async () => auditPage.parse((await asAdministrator('GET /api/audit')).json).entries;

test('somebody who was invited is found by the address that the provider has verified, then by what they are to it', async () => {
  expect(await eve()).toMatchObject({ isInvited: true, hasProvider: false });
  const { json } = await server.call('GET /api/session');
  expect(json).toMatchObject({ provider: { name: 'Example Login' } });
  expect(await new Visitor().signIn()).toEqual(IN);
  expect(await eve()).toMatchObject({ isInvited: false, hasProvider: true, sessions: 1 });
  provider.person = { ...provider.person, email: 'married@demo.test', isEmailVerified: false };
  expect(await new Visitor().signIn()).toEqual(IN);
  expect((await eve())?.sessions).toBe(2);
  const [, entry] = (await entries()).filter(({ who }) => who === EVE);
  expect(entry).toMatchObject({ action: 'signIn', result: 'done', after: { provider: 'Example Login' } });
});

test.for([
  ['nobody was invited', { email: 'stranger@demo.test' }, 'person-unknown'],
  ['the address is not verified', { isEmailVerified: false }, 'email-unverified'],
  ['there is no address', { email: null }, 'email-unverified'],
] as const)('where %s nobody comes in, nobody is created, and the audit knows', async ([, what, code]) => {
  provider.person = { ...provider.person, ...what };
  expect(await new Visitor().signIn()).toEqual(refused(code));
  expect((await asAdministrator('GET /api/people')).json).toHaveLength(2);
  await expect.poll(async () => (await entries()).map(({ result }) => result)).toContain(code);
});

test('an address that was given to somebody else at the provider opens nothing, until an administrator says so', async () => {
  await new Visitor().signIn();
  provider.person = { ...provider.person, subject: 'subject-2' };
  expect(await new Visitor().signIn()).toEqual(refused('person-mismatch'));
  provider.person = { ...provider.person, issuer: 'https://other.test', subject: 'subject-1' };
  expect(await new Visitor().signIn()).toEqual(refused('person-mismatch'));
  provider.person = { ...provider.person, isEmailVerified: false };
  expect(await new Visitor().signIn()).toEqual(refused('email-unverified'));
  provider.person = { ...provider.person, isEmailVerified: true };
  const path = `DELETE /api/people/${(await eve())?.id}/provider`;
  expect((await asAdministrator(path)).status).toBe(204);
  expect(await server.refusal(path)).toBe('404 not-found');
  expect(await new Visitor().signIn()).toEqual(IN);
});

test('an answer of the provider opens only the browser that has asked, and only once', async () => {
  const [victim, thief] = [new Visitor(), new Visitor()];
  const state = await victim.begin();
  expect((await new Visitor().back(state)).to).toBe('/admin?sign-in=sign-in-over');
  await thief.begin();
  expect((await thief.back(state)).to).toBe('/admin?sign-in=provider-refused');
  expect((await victim.back(state)).session).toBeDefined();
  expect((await victim.back(state)).to).toBe('/admin?sign-in=sign-in-over');
});

test('the provider opens only the organizations that it is for', async () => {
  provider.organizations = ['elsewhere.test'];
  expect(await new Visitor().signIn()).toEqual(refused('person-unknown'));
  provider.organizations = ['demo.test'];
  expect(await new Visitor().signIn()).toEqual(IN);
});

test('anyone who is known to two organizations says which one; the other stays closed to those whom only one knows', async () => {
  const wish = { name: 'Other', domain: 'other.test', administrator: EVE };
  await asAdministrator('POST /api/organizations', wish);
  server.signedOut();
  expect(await new Visitor().signIn()).toEqual(refused('organization-needed'));
  expect(await new Visitor().signIn('?organization=other.test')).toEqual(IN);
  provider.person = { ...provider.person, subject: 'boss', email: ADMINISTRATOR.email };
  expect(await new Visitor().signIn('?organization=other.test')).toEqual(refused('person-unknown'));
});

test('a second factor of ours is asked for where the provider has seen none', async () => {
  await new Visitor().signIn();
  const id = (await eve())?.id ?? '';
  const secret = new Secret({ size: 20 });
  await server.storage.secondFactors.begin(id, Buffer.from(secret.bytes));
  await server.storage.secondFactors.turnOn(id, Buffer.from(secret.bytes), 1, []);
  const visitor = new Visitor();
  expect(await visitor.signIn()).toEqual(refused('second-factor-needed'));
  const prove = (code: string) => visitor.go(`POST ${AT}/code`, { code });
  expect(await prove('000000')).toMatchObject({ status: 403, session: undefined });
  const code = new TOTP({ secret }).generate();
  expect(await prove(code)).toMatchObject({ status: 200, session: expect.anything() });
  expect(await prove(code)).toMatchObject({ status: 401, text: expect.stringContaining('sign-in-over') });
  provider.person = { ...provider.person, hasSecondFactor: true };
  expect(await new Visitor().signIn()).toEqual(IN);
});

test('nobody is known by an account of the provider until the code was right, too', async () => {
  const id = (await eve())?.id ?? '';
  const secret = new Secret({ size: 20 });
  await server.storage.secondFactors.begin(id, Buffer.from(secret.bytes));
  await server.storage.secondFactors.turnOn(id, Buffer.from(secret.bytes), 1, []);
  const [thief, owner] = [new Visitor(), new Visitor()];
  provider.person = { ...provider.person, subject: 'thief' };
  expect(await thief.signIn()).toEqual(refused('second-factor-needed'));
  await thief.go(`POST ${AT}/code`, { code: '000000' });
  expect(await server.storage.identities.of(id)).toBeUndefined();
  provider.person = { ...provider.person, subject: 'subject-1' };
  expect(await owner.signIn()).toEqual(refused('second-factor-needed'));
  const code = new TOTP({ secret }).generate();
  expect((await owner.go(`POST ${AT}/code`, { code })).status).toBe(200);
  expect(await server.storage.identities.of(id)).toMatchObject({ subject: 'subject-1' });
  // What was begun before that comes too late, also with a right code.
  vi.spyOn(server.management.secondFactors, 'prove').mockResolvedValue('app');
  const late = await thief.go(`POST ${AT}/code`, { code });
  expect([late.session, late.text]).toEqual([undefined, expect.stringContaining('person-mismatch')]);
});

test('a second factor at the provider is as good as the one that the organization demands', async () => {
  const [person] = await server.storage.people.byEmail(EVE);
  if (!person) throw new Error('nobody was invited');
  await server.storage.secondFactors.setPolicy(person.organization, { secondFactorOf: 'everyone' });
  const sessionOf = async (has: boolean) => {
    provider.person = { ...provider.person, hasSecondFactor: has };
    const visitor = new Visitor();
    const { session } = await visitor.back(await visitor.begin());
    const cookie = `perch_session=${session?.value ?? ''}`;
    const { json } = await server.call('GET /api/session', { headers: { cookie } });
    return { json, cookie };
  };
  expect((await sessionOf(true)).json).toMatchObject({
    session: { lacksSecondFactor: false, hasPassword: false },
  });
  const { json, cookie } = await sessionOf(false);
  expect(json).toMatchObject({ session: { lacksSecondFactor: true } });
  // They have no password that could be asked for.
  const begun = await server.call('POST /api/session/second-factor', { body: {}, headers: { cookie } });
  expect(begun).toMatchObject({ status: 200, json: { url: expect.stringContaining('otpauth://totp/') } });
});

test('where a second factor is demanded later, a token works only if its maker had one when they made it', async () => {
  const [person] = await server.storage.people.byEmail(EVE);
  if (!person) throw new Error('nobody was invited');
  const made = async (has: boolean) => {
    provider.person = { ...provider.person, hasSecondFactor: has };
    const visitor = new Visitor();
    const { session } = await visitor.back(await visitor.begin());
    const headers = { cookie: `perch_session=${session?.value ?? ''}` };
    const body = { name: 'Nightly', actions: ['view-floor'] };
    const { json } = await server.call('POST /api/session/tokens', { headers, body });
    return { headers: { cookie: '', authorization: `Bearer ${(json as { secret: string }).secret}` } };
  };
  const [without, withOne] = [await made(false), await made(true)];
  expect((await server.call('GET /api/floor', without)).status).toBe(200);
  await server.storage.secondFactors.setPolicy(person.organization, { secondFactorOf: 'everyone' });
  expect(await server.refusal('GET /api/floor', without)).toBe('403 second-factor-missing');
  expect((await server.call('GET /api/floor', withOne)).status).toBe(200);
  // One that is set up afterwards says nothing of who made it.
  await server.storage.secondFactors.begin(person.id, Buffer.alloc(20));
  await server.storage.secondFactors.turnOn(person.id, Buffer.alloc(20), 1, []);
  expect(await server.refusal('GET /api/floor', without)).toBe('403 second-factor-missing');
});

test('after signing out one is sent to sign out at the provider, too, if one came from there', async () => {
  const visitor = new Visitor();
  const { session } = await visitor.back(await visitor.begin());
  const headers = { cookie: `perch_session=${session?.value ?? ''}` };
  const out = await server.call('DELETE /api/session', { headers });
  expect(out.json).toEqual({ next: 'https://login.test/out' });
  expect((await asAdministrator('DELETE /api/session')).json).toEqual({ next: null });
});

test('what comes back without having begun is no guess: it locks nobody out, and is not noted', async () => {
  for (let count = 0; count < 20; count++)
    expect((await new Visitor().back('guess')).to).toBe('/admin?sign-in=sign-in-over');
  expect(await new Visitor().signIn()).toEqual(IN);
  expect((await server.call('POST /api/session', { body: ADMINISTRATOR })).status).toBe(200);
  expect(server.journal.filter((line) => line.startsWith('sign-in-refused'))).toEqual([]);
  expect((await entries()).map(({ result }) => result)).not.toContain('sign-in-over');
});

test('where there is no provider, coming back from one locks nobody out', async () => {
  await server.close();
  server = await startTestServer({ canMail: false });
  await server.setUp();
  for (let count = 0; count < 20; count++) await new Visitor().back('guess');
  expect((await server.call('POST /api/session', { body: ADMINISTRATOR })).status).toBe(200);
});

test('returns that the provider refuses are throttled, and passwords are not for that', async () => {
  const visitor = new Visitor();
  for (let count = 0; count < 10; count++) {
    await visitor.begin();
    expect((await visitor.back('guess')).to).toBe('/admin?sign-in=provider-refused');
  }
  expect(await visitor.signIn()).toEqual(refused('too-many-requests'));
  expect((await server.call('POST /api/session', { body: ADMINISTRATOR })).status).toBe(200);
});

test('beginning is limited, too', async () => {
  const visitor = new Visitor();
  for (let count = 0; count < 60; count++) await visitor.begin();
  expect((await visitor.go(`GET ${AT}`)).to).toBe('/admin?sign-in=too-many-requests');
});
