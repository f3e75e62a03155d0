import { auditPage, newSecondFactor, type PersonView, recoveryCodes } from '@perch/shared';
import { Secret, TOTP } from 'otpauth';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ADMINISTRATOR, startTestServer } from '../../support/test-server.ts';
import type { TestServer } from '../../support/test-server.ts';

const STEP_MS = 30_000;
const BOSS = ADMINISTRATOR.email;

let server: TestServer;
let app: TOTP;
/** How many steps the app is ahead: no code works twice, and tests do not wait for the next one. */
let ahead: number;
beforeEach(async () => {
  ahead = 0;
  server = await startTestServer({ canMail: false });
  await server.setUp();
});
afterEach(() => server.close());

const code = (): string => app.generate({ timestamp: Date.now() + ahead * STEP_MS });
const at = 'POST /api/session/second-factor';

async function turnOn(): Promise<readonly string[]> {
  const begun = await server.call(at, { body: { password: ADMINISTRATOR.password } });
  app = new TOTP({ secret: Secret.fromBase32(newSecondFactor.parse(begun.json).secret) });
  const confirmed = await server.call(`${at}/confirm`, { body: { code: code() } });
  ahead = 1;
  return recoveryCodes.parse(confirmed.json).codes;
}

const signIn = (rest: object = {}) =>
  server.refusal('POST /api/session', { body: { ...ADMINISTRATOR, ...rest } });

const entries = async () => auditPage.parse((await server.call('GET /api/audit')).json).entries;

test('signing in takes two steps: the password, then a code, which works once', async () => {
  await turnOn();
  server.signedOut();
  expect(await signIn({ password: 'wrong' })).toBe('401 wrong-credentials');
  // A code tells nothing about the password.
  expect(await signIn({ password: 'wrong', code: code() })).toBe('401 wrong-credentials');
  expect(await signIn()).toBe('401 second-factor-needed');
  expect(await signIn({ code: '000000' })).toBe('403 wrong-second-factor');
  expect(await server.refusal('GET /api/floor')).toBe('401 not-signed-in');
  const body = { ...ADMINISTRATOR, code: code() };
  expect(await server.call('POST /api/session', { body })).toMatchObject({
    status: 200,
    json: { email: BOSS, lacksSecondFactor: false },
  });
  expect(await signIn({ code: body.code })).toBe('403 wrong-second-factor');
});

test('a recovery code opens once, and the audit says what was used', async () => {
  const [recovery = ''] = await turnOn();
  const body = { ...ADMINISTRATOR, code: recovery };
  expect((await server.call('POST /api/session', { body })).status).toBe(200);
  expect(await signIn({ code: recovery })).toBe('403 wrong-second-factor');
  await expect
    .poll(entries)
    .toMatchObject([
      { action: 'signIn', who: BOSS, result: 'wrong-second-factor' },
      { action: 'signIn', who: BOSS, result: 'done', after: { secondFactor: 'recovery-code' } },
      { action: 'confirmSecondFactor', result: 'done' },
      { action: 'beginSecondFactor', result: 'done' },
      { action: 'setUp' },
    ]);
});

test('that a code is asked for is no failure, and wrong codes are', async () => {
  await turnOn();
  server.signedOut();
  for (let count = 0; count < 12; count++) expect(await signIn()).toBe('401 second-factor-needed');
  for (let count = 0; count < 5; count++)
    expect(await signIn({ code: '000000' })).toBe('403 wrong-second-factor');
  expect(await signIn({ code: code() })).toBe('429 too-many-requests');
});

test('an administrator demands it: anyone who lacks one can open only their account until they have set it up', async () => {
  const policy = { body: { secondFactorOf: 'administrators' } };
  expect(await server.refusal('PUT /api/sign-in-policy', policy)).toBe('403 second-factor-missing');
  const invited = await server.call('POST /api/people', {
    body: { email: 'eve@demo.test', roles: ['administrator'] },
  });
  const token = new URL((invited.json as { url: string }).url).hash.slice(1);
  const eve = { email: 'eve@demo.test', password: 'a long new password' };
  await server.call('POST /api/links/use', { body: { token, password: eve.password } });
  await turnOn();
  expect((await server.call('PUT /api/sign-in-policy', policy)).status).toBe(204);
  expect((await server.call('GET /api/sign-in-policy')).json).toEqual(policy.body);

  expect((await server.call('POST /api/session', { body: eve })).json).toMatchObject({
    lacksSecondFactor: true,
  });
  expect(await server.refusal('GET /api/floor')).toBe('403 second-factor-missing');
  expect(await server.refusal('PUT /api/sign-in-policy', { body: { secondFactorOf: 'nobody' } })).toBe(
    '403 second-factor-missing',
  );
  expect((await server.call('GET /api/session/second-factor')).json).toMatchObject({ isDemanded: true });
  const begun = await server.call(at, { body: { password: eve.password } });
  app = new TOTP({ secret: Secret.fromBase32(newSecondFactor.parse(begun.json).secret) });
  await server.call(`${at}/confirm`, { body: { code: code() } });
  expect((await server.call('GET /api/session')).json).toMatchObject({
    session: { lacksSecondFactor: false },
  });
  expect((await server.call('GET /api/floor')).status).toBe(200);
});

test('an administrator resets the second factor of somebody who has lost it; their sessions end', async () => {
  const invited = await server.call('POST /api/people', {
    body: { email: 'eve@demo.test', roles: ['supervisor'] },
  });
  const token = new URL((invited.json as { url: string }).url).hash.slice(1);
  const eve = { email: 'eve@demo.test', password: 'a long new password' };
  await server.call('POST /api/links/use', { body: { token, password: eve.password } });
  await server.call('POST /api/session', { body: eve });
  const begun = await server.call(at, { body: { password: eve.password } });
  app = new TOTP({ secret: Secret.fromBase32(newSecondFactor.parse(begun.json).secret) });
  await server.call(`${at}/confirm`, { body: { code: code() } });
  const kept = { headers: { cookie: server.cookie() } };

  await server.call('POST /api/session', { body: ADMINISTRATOR });
  const of = (json: unknown) => (json as PersonView[]).find(({ email }) => email === eve.email);
  const person = of((await server.call('GET /api/people')).json);
  expect(person).toMatchObject({ hasSecondFactor: true });
  expect((await server.call(`DELETE /api/people/${person?.id}/second-factor`)).status).toBe(204);
  expect(await server.refusal(`DELETE /api/people/${person?.id}/second-factor`)).toBe(
    '409 second-factor-off',
  );
  expect(of((await server.call('GET /api/people')).json)).toMatchObject({ hasSecondFactor: false });
  expect(await server.refusal('GET /api/floor', kept)).toBe('401 not-signed-in');
  expect((await entries())[1]).toMatchObject({
    ...{ action: 'resetSecondFactor', about: eve.email, result: 'done' },
    ...{ before: { hasSecondFactor: true }, after: { hasSecondFactor: false } },
  });
  expect((await server.call('POST /api/session', { body: eve })).status).toBe(200);
});

test('nobody resets their own without a code', async () => {
  await turnOn();
  const [boss] = (await server.call('GET /api/people')).json as PersonView[];
  expect(await server.refusal(`DELETE /api/people/${boss?.id}/second-factor`)).toBe('403 forbidden');
  expect((await server.call('GET /api/session/second-factor')).json).toMatchObject({ isOn: true });
});

test('it is turned off, and recovery codes are renewed, by a code', async () => {
  const [first = ''] = await turnOn();
  for (const what of ['remove', 'recovery-codes'])
    expect(await server.refusal(`${at}/${what}`, { body: { code: '000000' } })).toBe(
      '403 wrong-second-factor',
    );
  const renewed = await server.call(`${at}/recovery-codes`, { body: { code: code() } });
  const [second = ''] = recoveryCodes.parse(renewed.json).codes;
  expect(await server.refusal(`${at}/remove`, { body: { code: first } })).toBe('403 wrong-second-factor');
  expect((await server.call(`${at}/remove`, { body: { code: second } })).status).toBe(204);
  expect((await server.call('POST /api/session', { body: ADMINISTRATOR })).status).toBe(200);
});

test('neither secret nor codes are in the audit, nor shown again', async () => {
  const [first = '', ...others] = await turnOn();
  const used = code();
  await server.call(`${at}/recovery-codes`, { body: { code: used } });
  const { text } = await server.call('GET /api/audit.csv');
  const shown = (await server.call('GET /api/session/second-factor')).text;
  for (const secret of [app.secret.base32, first, ...others, used])
    expect([secret, `${text}${shown}`.includes(secret)]).toEqual([secret, false]);
});
