import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../http/support/test-server.ts';
import { Refusal } from '../management/refusal.ts';
import { CALLBACK_PATH, OpenIdProvider } from './openid-provider.ts';
import { CLIENT, TestIssuer } from './support/test-issuer.ts';
import { systemWorld } from '../world/world.ts';

const HOME = 'http://localhost:8080';
const EVE = { email: 'eve@demo.test', email_verified: true };

let issuer: TestIssuer;
/** Another one, whose answers are as good, and for others. */
let foreign: TestIssuer;
let server: TestServer;
const failures: string[] = [];

const providerOf = (url: URL, rest: { readonly clientSecret?: string } = {}) =>
  new OpenIdProvider(
    {
      ...{ issuer: url, clientId: CLIENT.id, clientSecret: CLIENT.secret, name: 'Test' },
      ...{ organizations: undefined, secondFactor: ['mfa'], publicUrl: new URL(HOME), ...rest },
    },
    systemWorld.clock,
    (error) => failures.push(String(error)),
  );

beforeAll(async () => {
  [issuer, foreign] = await Promise.all([
    TestIssuer.start(HOME, CALLBACK_PATH),
    TestIssuer.start(HOME, CALLBACK_PATH),
  ]);
});
afterAll(() => Promise.all([issuer.stop(), foreign.stop()]));
beforeEach(async () => {
  failures.length = 0;
  server = await startTestServer({ canMail: false, provider: providerOf(issuer.url) });
  await server.setUp();
  await server.call('POST /api/people', { body: { email: EVE.email, roles: ['supervisor'] } });
  server.signedOut();
  issuer.say('eve', EVE);
  foreign.say('eve', EVE);
});
afterEach(() => server.close());

/** Begins in a browser. @returns where it is sent, and what it keeps. */
async function begin() {
  const { headers } = await server.call('GET /api/session/provider');
  const [cookie = ''] = [headers['set-cookie']].flat();
  return { to: headers.location ?? '', cookie: cookie.split(';')[0] ?? '' };
}

/** Comes back. @returns where the browser is sent then. */
const back = async ({ pathname, search }: URL, cookie: string) =>
  (await server.call(`GET ${pathname}${search}`, { headers: { cookie } })).headers.location;

test('somebody signs in there and is signed in here, and signs out at both', async () => {
  const { to, cookie } = await begin();
  const asked = new URL(to).searchParams;
  expect(Object.fromEntries(asked)).toMatchObject({
    ...{ response_type: 'code', code_challenge_method: 'S256', scope: 'openid email' },
    ...{ client_id: CLIENT.id, redirect_uri: HOME + CALLBACK_PATH },
    ...{ state: expect.any(String), nonce: expect.any(String), code_challenge: expect.any(String) },
  });
  expect(await back(await issuer.browse(to, 'eve'), cookie)).toBe('/admin');
  const { json } = await server.call('GET /api/session');
  expect(json).toMatchObject({ session: { email: EVE.email, lacksSecondFactor: false } });
  const out = await server.call('DELETE /api/session');
  expect((out.json as { next: string }).next).toMatch(`${issuer.url.href}session/end`);
  expect(failures).toEqual([]);
});

test('an address that the issuer has not verified opens nothing', async () => {
  issuer.say('mallory', { ...EVE, email_verified: false });
  const { to, cookie } = await begin();
  expect(await back(await issuer.browse(to, 'mallory'), cookie)).toBe('/admin?sign-in=email-unverified');
});

test('an ID token may leave it to the userinfo endpoint to say whether the address is verified', async () => {
  const brief = await TestIssuer.start(HOME, CALLBACK_PATH, ['email']);
  try {
    const provider = providerOf(brief.url);
    const secrets = { state: 's'.repeat(43), nonce: 'n'.repeat(43), verifier: 'v'.repeat(43) };
    for (const isVerified of [true, false]) {
      brief.say('eve', { ...EVE, email_verified: isVerified });
      const to = await provider.addressFor(secrets);
      if (to instanceof Refusal) throw new Error(to.detail);
      const { search } = await brief.browse(to.href, 'eve');
      expect(await provider.identify(search, secrets)).toMatchObject({
        ...{ email: EVE.email, isEmailVerified: isVerified },
      });
    }
  } finally {
    await brief.stop();
  }
});

test('a code that was used is refused by the issuer, too', async () => {
  const first = await begin();
  const answer = await issuer.browse(first.to, 'eve');
  expect(await back(answer, first.cookie)).toBe('/admin');
  const second = await begin();
  answer.searchParams.set('state', new URL(second.to).searchParams.get('state') ?? '');
  expect(await back(answer, second.cookie)).toBe('/admin?sign-in=provider-refused');
});

test('a wrong state is refused', async () => {
  const { to, cookie } = await begin();
  const answer = await issuer.browse(to, 'eve');
  answer.searchParams.set('state', 'x'.repeat(43));
  expect(await back(answer, cookie)).toBe('/admin?sign-in=provider-refused');
});

test('a code that was made for another sign-in is refused: its PKCE verifier and nonce are not ours', async () => {
  const [thief, victim] = [await begin(), await begin()];
  const stolen = await issuer.browse(victim.to, 'eve');
  stolen.searchParams.set('state', new URL(thief.to).searchParams.get('state') ?? '');
  expect(await back(stolen, thief.cookie)).toBe('/admin?sign-in=provider-refused');
});

test('an answer of another issuer is refused, whether it says whose it is or not', async () => {
  for (const hides of [false, true]) {
    const { to, cookie } = await begin();
    const elsewhere = new URL(to);
    elsewhere.host = foreign.url.host;
    const answer = await foreign.browse(elsewhere.href, 'eve');
    if (hides) answer.searchParams.delete('iss');
    expect(await back(answer, cookie)).toBe('/admin?sign-in=provider-refused');
  }
});

test('somebody who does not go on at the issuer is told so, and it is no failure', async () => {
  const { to, cookie } = await begin();
  const answer = await issuer.browse(to, 'eve');
  answer.searchParams.delete('code');
  answer.searchParams.set('error', 'access_denied');
  expect(await back(answer, cookie)).toBe('/admin?sign-in=provider-refused');
  expect(failures).toEqual([]);
});

test('what the issuer says of a second factor is believed', async () => {
  issuer.say('eve', { ...EVE, amr: ['pwd', 'mfa'] });
  const { to, cookie } = await begin();
  await back(await issuer.browse(to, 'eve'), cookie);
  const [person] = await server.storage.people.byEmail(EVE.email);
  const [session] = await server.storage.people.sessionsOf(person?.id ?? '', 0);
  expect(session?.provided).toBe('two-factors');
});

test('an issuer that cannot be reached is said to be so, and its secret is in no log', async () => {
  const gone = await TestIssuer.start(HOME, CALLBACK_PATH);
  await gone.stop();
  const secrets = { state: 's', nonce: 'n', verifier: 'v'.repeat(43) };
  expect(await providerOf(gone.url).addressFor(secrets)).toMatchObject({ code: 'provider-unavailable' });
  const wrong = providerOf(issuer.url, { clientSecret: 'a-wrong-secret' });
  const to = await wrong.addressFor(secrets);
  const answer = await issuer.browse(to instanceof URL ? to.href : '', 'eve');
  expect(await wrong.identify(answer.search, secrets)).toMatchObject({ code: 'provider-refused' });
  expect(failures).toHaveLength(2);
  expect(failures.join()).not.toContain('a-wrong-secret');
});
