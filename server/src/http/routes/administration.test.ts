import { afterEach, beforeEach, expect, test } from 'vitest';
import { ADMINISTRATOR, ORGANIZATION, startTestServer } from '../support/test-server.ts';
import type { TestServer } from '../support/test-server.ts';

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer();
});
afterEach(() => server.close());

const DESK = { number: '201', name: 'Front desk', kind: 'station', allowVirtualization: true };

test('setup creates the organization and its administrator, and signs in', async () => {
  const { status, json, cookie } = await server.setUp();
  expect(status).toBe(200);
  expect(json).toEqual({
    email: ADMINISTRATOR.email,
    roles: ['operator', 'administrator'],
    extension: null,
    language: null,
    organization: { ...ORGANIZATION, timeZone: expect.any(String), language: null },
    expiresAt: expect.any(Number),
    lacksSecondFactor: false,
    hasPassword: true,
  });
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict', path: '/' });
  expect((await server.call('GET /api/session')).json).toEqual({ session: json, provider: null });
  server.signedOut();
  expect((await server.call('GET /api/session')).json).toEqual({ session: null, provider: null });
  expect(server.journal).toEqual(['organization-created demo.test 127.0.0.1']);
});

test('the setup link works once, also for two who use it at the same moment', async () => {
  const body = {
    token: server.management.setup.token,
    organization: ORGANIZATION,
    administrator: ADMINISTRATOR,
  };
  const both = await Promise.all([
    server.call('POST /api/setup', { body }),
    server.call('POST /api/setup', {
      body: { ...body, organization: { name: 'Mine', domain: 'mine.test' } },
    }),
  ]);
  expect(both.map(({ status }) => status).sort()).toEqual([200, 403]);
  expect(server.management.setup.token).toBeUndefined();
});

test.for([
  ['a wrong token', { token: 'guess' }, '403 setup-closed'],
  ['no token', { token: undefined }, '400 invalid-request'],
  ['a domain that is none', { organization: { name: 'D', domain: 'demo test' } }, '400 invalid-request'],
  ['an address for a domain', { organization: { name: 'D', domain: '192.0.2.1' } }, '400 invalid-request'],
  ['a short password', { administrator: { email: 'a@b.test', password: 'short' } }, '400 invalid-request'],
] as const)('setup with %s: %s', async ([, change, expected]) => {
  const { token } = server.management.setup;
  const body = { token, organization: ORGANIZATION, administrator: ADMINISTRATOR, ...change };
  expect(await server.refusal('POST /api/setup', { body })).toBe(expected);
});

test('a wrong password and an unknown address are refused in the same words', async () => {
  await server.setUp();
  server.signedOut();
  const wrong = await server.call('POST /api/session', { body: { ...ADMINISTRATOR, password: 'wrong' } });
  const unknown = await server.call('POST /api/session', {
    body: { ...ADMINISTRATOR, email: 'x@demo.test' },
  });
  expect(wrong.status).toBe(401);
  expect(unknown.text).toBe(wrong.text);
});

test('after too many failures a visitor waits; successes are never counted', async () => {
  await server.setUp();
  for (let count = 0; count < 12; count++)
    expect((await server.call('POST /api/session', { body: ADMINISTRATOR })).status).toBe(200);
  const wrong = { body: { ...ADMINISTRATOR, password: 'wrong' } };
  for (let count = 0; count < 10; count++)
    expect(await server.refusal('POST /api/session', wrong)).toBe('401 wrong-credentials');
  expect(await server.refusal('POST /api/session', wrong)).toBe('429 too-many-requests');
});

test('simultaneous guesses count too', async () => {
  await server.setUp();
  const wrong = { body: { ...ADMINISTRATOR, password: 'wrong' } };
  const guesses = Array.from({ length: 15 }, () => server.refusal('POST /api/session', wrong));
  const refused = (await Promise.all(guesses)).filter((answer) => answer === '429 too-many-requests');
  expect(refused).toHaveLength(5);
});

test('a signed-out session is over, even for a kept cookie', async () => {
  await server.setUp();
  const kept = (await server.call('POST /api/session', { body: ADMINISTRATOR })).cookie;
  expect((await server.call('DELETE /api/session')).status).toBe(200);
  const headers = { cookie: `perch_session=${kept?.value}` };
  expect(await server.refusal('GET /api/floor', { headers })).toBe('401 not-signed-in');
});

test('an extension is created, listed, changed and deleted', async () => {
  await server.setUp();
  const created = await server.call('POST /api/extensions', {
    body: { number: '101', name: ' Ada ', kind: 'person' },
  });
  const ada = {
    number: '101',
    name: 'Ada',
    kind: 'person',
    group: null,
    place: null,
    callBack: null,
    language: null,
    doNotDisturb: false,
    forwards: { always: null, busy: null, unanswered: null, unreachable: null },
    plan: null,
    allowVirtualization: false,
    hasSecretCode: false,
    suspended: false,
    hasVoicemailPin: false,
    voicemailMail: null,
    faults: [],
    voicemail: { new: 0, heard: 0 },
    registered: true,
    asleep: false,
    lastCheck: null,
    page: null,
    lostAt: null,
    whereabouts: { kind: 'home' },
    occupancy: { kind: 'owner' },
    call: null,
    guessing: { wrongAt: [], lockedUntil: null, terminalLockedUntil: null },
    stayEnds: null,
    stayEnded: null,
    pinLockedUntil: null,
    stayLimits: null,
    kiosk: true,
  };
  expect(created).toMatchObject({ status: 200, json: ada });
  await server.call('POST /api/extensions', { body: { ...DESK, number: '11' } });
  expect((await server.call('GET /api/extensions')).json).toMatchObject([ada, { number: '11' }]);

  const changed = await server.call('PATCH /api/extensions/101', {
    body: { name: 'Ada L.', allowVirtualization: true },
  });
  expect(changed.json).toEqual({ ...ada, name: 'Ada L.', allowVirtualization: true });
  expect((await server.call('GET /api/extensions/101')).json).toEqual(changed.json);

  expect((await server.call('DELETE /api/extensions/101')).status).toBe(204);
  expect(await server.refusal('GET /api/extensions/101')).toBe('404 not-found');
  const [language, rules, kept, ...told] = server.exchanges.only.told;
  expect([language, rules, kept]).toEqual([
    'language none',
    expect.stringMatching(/^stay rules /),
    expect.stringMatching(/^voicemail /),
  ]);
  expect(told).toEqual([
    'changed 101',
    'changed 11',
    'changed 101',
    'removed nobody boss@demo.test',
    'changed nobody',
    'forgotten nobody',
  ]);
});

test.for([
  ['a taken number', { ...DESK, number: '101' }, '409 number-taken'],
  ['letters', { ...DESK, number: 'abc' }, '400 invalid-request'],
  ['one digit', { ...DESK, number: '1' }, '400 invalid-request'],
  ['nine digits', { ...DESK, number: '123456789' }, '400 invalid-request'],
  ['no name', { ...DESK, name: '  ' }, '400 invalid-request'],
  ['an unknown kind', { ...DESK, kind: 'robot' }, '400 invalid-request'],
] as const)('an extension with %s: %s', async ([, body, expected]) => {
  await server.setUp();
  await server.call('POST /api/extensions', { body: { ...DESK, number: '101' } });
  expect(await server.refusal('POST /api/extensions', { body })).toBe(expected);
});

test('a secret code is checked, kept as a hash, and never shown', async () => {
  await server.setUp();
  await server.call('POST /api/extensions', { body: DESK });
  const set = (code: string) => ({ body: { code } });
  expect(await server.refusal('PUT /api/extensions/201/secret-code', set('1234'))).toBe('422 weak-code');
  expect(await server.refusal('PUT /api/extensions/201/secret-code', set('12a4'))).toBe('422 weak-code');
  expect(await server.refusal('PUT /api/extensions/999/secret-code', set('4711'))).toBe('404 not-found');
  expect((await server.call('PUT /api/extensions/201/secret-code', set('4711'))).status).toBe(204);
  const { text } = await server.call('GET /api/extensions/201');
  expect(JSON.parse(text)).toMatchObject({ hasSecretCode: true });
  expect(text).not.toMatch(/4711|argon2/);

  const { extensions } = server.management;
  const { book } = server.exchanges.only;
  const [desk] = extensions.all({ organization: extensions.organizations()[0]?.id as never });
  expect(await book.verify(desk?.id, '4711')).toBe(true);
  expect(await book.verify(desk?.id, '4712')).toBe(false);
  expect(await book.verify(undefined, '4711')).toBe(false);
  await server.call('PUT /api/extensions/201/secret-code', set('2468'));
  expect(await book.verify(desk?.id, '4711')).toBe(false);
  expect(server.exchanges.only.told.at(-1)).toBe('code-replaced 201 boss@demo.test');
});

test('a voicemail PIN is checked by the rules of a code, kept as a hash, and never shown', async () => {
  await server.setUp();
  await server.call('POST /api/extensions', { body: DESK });
  const path = 'PUT /api/extensions/201/voicemail-pin';
  for (const pin of ['1234', '201', '12a4', '77777'])
    expect([pin, await server.refusal(path, { body: { pin } })]).toEqual([pin, '422 weak-code']);
  expect((await server.call(path, { body: { pin: '123' } })).json).toMatchObject({
    detail: 'A PIN has 4 to 8 digits.',
  });
  expect(await server.refusal('PUT /api/extensions/999/voicemail-pin', { body: { pin: '4711' } })).toBe(
    '404 not-found',
  );
  const { book } = server.exchanges.only;
  const desk = server.extensionOf('201').id;
  expect(book.voicemailPins.has(desk)).toBe(false);
  expect(await book.voicemailPins.verify(desk, '4711')).toBe(false);

  const { unlocked } = server.exchanges.only.mailboxes;
  unlocked.add('a browser that knew the one before');
  expect((await server.call(path, { body: { pin: '4711' } })).status).toBe(204);
  expect([...unlocked]).toEqual([]);
  const { text } = await server.call('GET /api/extensions/201');
  expect(JSON.parse(text)).toMatchObject({ hasVoicemailPin: true, hasSecretCode: false });
  expect(text).not.toMatch(/4711|argon2/);
  expect(book.voicemailPins.has(desk)).toBe(true);
  expect(await book.voicemailPins.verify(desk, '4711')).toBe(true);
  expect(await book.voicemailPins.verify(desk, '4712')).toBe(false);
  expect(await book.verify(desk, '4711'), 'a PIN is no secret code').toBe(false);
  expect(server.exchanges.only.told.at(-1)).toBe('changed 201');

  await server.call('DELETE /api/extensions/201');
  expect(book.voicemailPins.has(desk)).toBe(false);
  expect(await book.voicemailPins.verify(desk, '4711')).toBe(false);
});

test('voicemail is mailed to an address, until the address is removed', async () => {
  await server.setUp();
  await server.call('POST /api/extensions', { body: DESK });
  const mailTo = (voicemailMail: unknown) => ({ body: { voicemailMail } });
  const path = 'PATCH /api/extensions/201';
  expect((await server.call(path, mailTo('Ada@Demo.test'))).json).toMatchObject({
    voicemailMail: 'ada@demo.test',
  });
  expect((await server.call(path, { body: { name: 'Desk' } })).json).toMatchObject({
    voicemailMail: 'ada@demo.test',
  });
  for (const wrong of ['ada', 'ada@demo.test\r\nBcc: eve@evil.test', 'Ada <ada@demo.test>', ''])
    expect([wrong, await server.refusal(path, mailTo(wrong))]).toEqual([wrong, '400 invalid-request']);
  expect((await server.call(path, mailTo(null))).json).toMatchObject({ voicemailMail: null });
});

test('a server that sends no mail says so, and changes nothing', async () => {
  const other = await startTestServer({ canMail: false });
  await other.setUp();
  await other.call('POST /api/extensions', { body: DESK });
  const change = { name: 'Desk', voicemailMail: 'ada@demo.test' };
  expect(await other.refusal('PATCH /api/extensions/201', { body: change })).toBe('409 no-mail');
  expect((await other.call('GET /api/extensions/201')).json).toMatchObject({
    name: 'Front desk',
    voicemailMail: null,
  });
  expect((await other.call('PATCH /api/extensions/201', { body: { voicemailMail: null } })).status).toBe(200);
  await other.close();
});

test('an extension shows how many messages wait for it', async () => {
  await server.setUp();
  await server.call('POST /api/extensions', { body: DESK });
  const from = { number: '102', name: 'Ben' };
  const message = { id: '1', from, at: 1, durationMs: 4_000, reason: 'no-answer', heard: false } as const;
  server.exchanges.only.mailboxes.receive(message, Buffer.from('sound'));
  expect((await server.call('GET /api/extensions/201')).json).toMatchObject({
    voicemail: { new: 1, heard: 0 },
  });
});

test('SIP credentials are shown once, and replacing them cuts off phones that use the old ones', async () => {
  await server.setUp();
  await server.call('POST /api/extensions', { body: DESK });
  const first = (await server.call('POST /api/extensions/201/sip-credentials')).json as { password: string };
  expect(first).toEqual({ username: '201', password: expect.stringMatching(/^[\w-]{24}$/) });
  const digest = server.accounts.byDigest('demo.test', '201');
  expect(digest?.secrets).toMatchObject({ ha1Md5: expect.stringMatching(/^[0-9a-f]{32}$/) });
  expect(server.cutOff).toEqual([]);
  await server.call('POST /api/extensions/201/sip-credentials');
  expect(server.accounts.byDigest('demo.test', '201')?.secrets.ha1Md5).not.toBe(digest?.secrets.ha1Md5);
  expect(server.cutOff).toEqual(['The SIP password was replaced']);
});

test('switching off "Allow virtualization" asks what becomes of a present guest', async () => {
  await server.setUp();
  await server.call('POST /api/extensions', { body: DESK });
  const exchange = server.exchanges.only;
  exchange.guests.set(server.extensionOf('201').terminal, 'Ada');
  const off = { allowVirtualization: false };
  expect(await server.refusal('PATCH /api/extensions/201', { body: off })).toBe('409 guest-present');
  expect((await server.call('GET /api/extensions/201')).json).toMatchObject({ allowVirtualization: true });
  const decided = await server.call('PATCH /api/extensions/201', {
    body: { ...off, presentGuest: 'return' },
  });
  expect(decided.json).toMatchObject({ allowVirtualization: false, occupancy: { kind: 'owner' } });
  expect(exchange.told.at(-1)).toBe('disallowed 201 return boss@demo.test');
});

test('a suspension that failed halfway is completed when it is requested again', async () => {
  await server.setUp();
  await server.call('POST /api/extensions', { body: DESK });
  const exchange = server.exchanges.only;
  const suspend = { body: { suspended: true } };
  exchange.broken = true;
  expect(await server.refusal('PATCH /api/extensions/201', suspend)).toBe('500 unavailable');
  exchange.broken = false;
  expect((await server.call('PATCH /api/extensions/201', suspend)).status).toBe(200);
  expect(exchange.told.at(-1)).toBe('suspended 201 boss@demo.test');
});

test('switching it off without a guest asks nothing', async () => {
  await server.setUp();
  await server.call('POST /api/extensions', { body: DESK });
  await server.call('PATCH /api/extensions/201', { body: { allowVirtualization: false } });
  expect(server.exchanges.only.told.at(-1)).toBe('disallowed 201 stay boss@demo.test');
});

test('a suspended extension is let in by no credential', async () => {
  await server.setUp();
  await server.call('POST /api/extensions', { body: DESK });
  await server.call('POST /api/extensions/201/sip-credentials');
  const { token } = await server.enrol('201');
  await server.call('PATCH /api/extensions/201', { body: { suspended: true } });
  expect(server.accounts.byDigest('demo.test', '201')).toBeUndefined();
  expect(server.accounts.byToken(token)).toBeUndefined();
  expect(server.exchanges.only.told.at(-1)).toBe('suspended 201 boss@demo.test');
  const headers = { authorization: `Bearer ${token}` };
  expect(await server.refusal('GET /api/terminal', { headers })).toBe('403 extension-suspended');
});

test('"Return to base" returns an extension that is away', async () => {
  await server.setUp();
  await server.call('POST /api/extensions', { body: DESK });
  expect((await server.call('POST /api/extensions/201/return-to-base')).json).toMatchObject({
    number: '201',
  });
  expect(server.exchanges.only.told.at(-1)).toBe('return-to-base 201 boss@demo.test');
  server.exchanges.only.outcome = 'nothing-to-do';
  expect(await server.refusal('POST /api/extensions/201/return-to-base')).toBe('409 not-virtual');
});

test('the floor shows every terminal in the order of numbers', async () => {
  await server.setUp();
  await server.call('POST /api/extensions', { body: DESK });
  await server.call('POST /api/extensions', { body: { number: '101', name: 'Ada', kind: 'person' } });
  await server.call('PATCH /api/extensions/201', { body: { suspended: true } });
  expect((await server.call('GET /api/floor')).json).toMatchObject({
    terminals: [
      { owner: { number: '101' }, kind: 'phone', suspended: false },
      { owner: { number: '201' }, kind: 'station', suspended: true },
    ],
  });
});

test('an error of ours is 500 with a sentence, and in the journal', async () => {
  await server.setUp();
  await server.call('POST /api/extensions', { body: DESK });
  server.exchanges.only.broken = true;
  expect(await server.refusal('POST /api/extensions/201/return-to-base')).toBe('500 unavailable');
  expect(server.journal.at(-1)).toBe(
    'failed POST /api/extensions/:number/return-to-base Error: the disk is full',
  );
});

test.for([
  ['done', 200],
  ['not-allowed', '409 desk-not-allowed'],
  ['occupied', '409 desk-occupied'],
  ['waiting', '409 emergency-call'],
] as const)('an extension is moved to a desk by those who manage the floor: %s', async ([sent, expected]) => {
  await server.setUp();
  await server.call('POST /api/extensions', { body: { number: '101', name: 'Ada', kind: 'person' } });
  await server.call('POST /api/extensions', { body: DESK });
  server.exchanges.only.sent = sent;
  const asked = ['POST /api/extensions/101/move', { body: { to: '201' } }] as const;
  if (typeof expected === 'number') expect((await server.call(...asked)).status).toBe(expected);
  else expect(await server.refusal(...asked)).toBe(expected);
  expect(server.exchanges.only.told.at(-1)).toBe(`send 101 201 ${ADMINISTRATOR.email}`);
  expect(await server.refusal('POST /api/extensions/101/move', { body: { to: '999' } })).toBe(
    '404 not-found',
  );
});

test('groups can be chosen by their names: those of the extensions that one may see, each once', async () => {
  await server.setUp();
  for (const [number, group] of [
    ['301', 'Support'],
    ['302', 'Sales'],
    ['303', 'Support'],
    ['304', null],
  ] as const) {
    await server.call('POST /api/extensions', { body: { ...DESK, number } });
    await server.call(`PATCH /api/extensions/${number}`, { body: { group } });
  }
  expect((await server.call('GET /api/groups')).json).toEqual(['Sales', 'Support']);
  const [person] = await server.storage.people.byEmail(ADMINISTRATOR.email);
  if (person === undefined) throw new Error('nobody is there');
  await server.storage.people.update({ ...person, roles: ['supervisor'], groups: ['Sales'] });
  expect((await server.call('GET /api/groups')).json).toEqual(['Sales']);
});
