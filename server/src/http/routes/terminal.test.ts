import { enrolmentLink } from '@perch/shared';
import type { TerminalSettings } from '@perch/shared';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Conferred, TakenBack } from '../../exchange/contract/commands.ts';
import { systemWorld } from '../../world/world.ts';
import { startTestServer } from '../support/test-server.ts';
import type { TestServer } from '../support/test-server.ts';
import { TURN_SECONDS, turnCredentials } from '../turn-credentials.ts';

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer();
  await server.setUp();
  await server.call('POST /api/extensions', { body: { number: '201', name: 'Front desk', kind: 'station' } });
});
afterEach(() => server.close());

const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

test('an enrolment link makes a browser the terminal of its extension', async () => {
  const issued = enrolmentLink.parse(
    (await server.call('POST /api/extensions/201/enrolments', { body: {} })).json,
  );
  expect(issued).toMatchObject({
    url: expect.stringMatching(/^http:\/\/localhost(:80)?\/station\/201#[\w-]{43}$/),
    uses: 1,
  });
  server.signedOut();
  const code = new URL(issued.url).hash.slice(1);
  const enrolled = await server.call('POST /api/enrolments/redeem', { body: { code } });
  expect(enrolled.json).toEqual({
    token: expect.stringMatching(/^[\w-]{43}$/),
    number: '201',
    kind: 'station',
    sip: { url: expect.stringMatching(/^ws:\/\/localhost(:80)?\/sip$/), domain: 'demo.test' },
    iceServers: [{ urls: 'stun:stun.example.org' }],
  });
  expect(server.journal.at(-1)).toBe('enrolled 201 127.0.0.1');
  expect(await server.refusal('POST /api/enrolments/redeem', { body: { code } })).toBe(
    '410 enrolment-invalid',
  );
});

test('a TURN server with a shared secret: each browser is given its own credentials, and told how long they last', async () => {
  const turn = { urls: ['turn:turn.example.org'], secret: 'north-of-the-river' };
  const other = await startTestServer({ turn });
  try {
    await other.setUp();
    await other.call('POST /api/extensions', {
      body: { number: '201', name: 'Front desk', kind: 'station' },
    });
    const { token } = await other.enrol('201');
    const { json } = await other.call('GET /api/terminal', bearer(token));
    const [, relay] = (json as TerminalSettings).iceServers;
    expect(json).toMatchObject({
      iceServers: [{ urls: 'stun:stun.example.org' }, {}],
      iceSeconds: TURN_SECONDS,
    });
    const until = Number(relay?.username?.replace(/:201$/, '')) * 1000;
    expect(Math.abs(until - TURN_SECONDS * 1000 - systemWorld.clock.now())).toBeLessThan(60_000);
    expect(relay).toEqual(turnCredentials(turn, '201', until - TURN_SECONDS * 1000));
  } finally {
    await other.close();
  }
});

test('the token opens the terminal, in the API and in SIP', async () => {
  const { token } = await server.enrol('201');
  server.signedOut();
  expect((await server.call('GET /api/terminal', bearer(token))).json).toMatchObject({
    view: { owner: { number: '201' }, kind: 'station' },
    sip: { domain: 'demo.test' },
  });
  expect(server.accounts.byToken(token)).toMatchObject({ number: '201', domain: 'demo.test' });
});

test('a revoked token opens nothing, and connections that used it are cut off', async () => {
  const { token } = await server.enrol('201');
  expect((await server.call('DELETE /api/terminal/token', bearer(token))).status).toBe(204);
  expect(await server.refusal('GET /api/terminal', bearer(token))).toBe('401 terminal-unknown');
  expect(server.accounts.byToken(token)).toBeUndefined();
  expect(server.cutOff).toEqual(['This browser is no longer a phone']);
});

test('a deleted extension leaves its browsers without a terminal', async () => {
  const { token } = await server.enrol('201');
  await server.call('DELETE /api/extensions/201');
  expect(await server.refusal('GET /api/terminal', bearer(token))).toBe('401 terminal-unknown');
});

test.for([
  'GET /api/terminal',
  'POST /api/terminal/undo',
  'POST /api/terminal/return',
  'POST /api/terminal/conference',
  'POST /api/terminal/take-back',
  'PUT /api/terminal/check',
  'POST /api/terminal/faults',
  'PUT /api/terminal/page',
  'DELETE /api/terminal/token',
])('%s is for enrolled browsers only, administrators or not', async (request) => {
  for (const authorization of ['', 'Bearer', 'Bearer guess', 'Basic Ym9zczpib3Nz'])
    expect(await server.refusal(request, { headers: { authorization } })).toBe('401 terminal-unknown');
});

test.for([
  ['POST /api/terminal/undo', 'undo 201', '409 nothing-to-undo'],
  ['POST /api/terminal/return', 'return-from 201', '409 nothing-to-return'],
] as const)('%s', async ([request, told, refused]) => {
  const { token } = await server.enrol('201');
  expect((await server.call(request, bearer(token))).status).toBe(204);
  expect(server.exchanges.only.told.at(-1)).toBe(told);
  server.exchanges.only.outcome = 'nothing-to-do';
  expect(await server.refusal(request, bearer(token))).toBe(refused);
});

test.for<readonly [Conferred, number | string]>([
  ['done', 204],
  ['no-such-call', '404 not-found'],
  ['not-now', '409 calls-busy'],
  ['full', '409 conference-full'],
])('POST /api/terminal/conference, where the answer is %s', async ([conferred, expected]) => {
  const { token } = await server.enrol('201');
  const call = { ...bearer(token), body: { calls: ['a', 'b'] } };
  server.exchanges.only.conferred = conferred;
  if (typeof expected === 'number') {
    expect((await server.call('POST /api/terminal/conference', call)).status).toBe(expected);
    expect(server.exchanges.only.told.at(-1)).toBe('confer 201 a b');
  } else expect(await server.refusal('POST /api/terminal/conference', call)).toBe(expected);
});

test.for<readonly [TakenBack, number | string]>([
  ['done', 204],
  ['no-such-call', '404 not-found'],
  ['too-late', '409 transfer-over'],
])('POST /api/terminal/take-back, where the answer is %s', async ([takenBack, expected]) => {
  const { token } = await server.enrol('201');
  const call = { ...bearer(token), body: { call: 'a' } };
  server.exchanges.only.takenBack = takenBack;
  if (typeof expected === 'number') {
    expect((await server.call('POST /api/terminal/take-back', call)).status).toBe(expected);
    expect(server.exchanges.only.told.at(-1)).toBe('take-back 201 a');
  } else expect(await server.refusal('POST /api/terminal/take-back', call)).toBe(expected);
});

test('PUT /api/terminal/check', async () => {
  const { token } = await server.enrol('201');
  const report = (body: object) => server.call('PUT /api/terminal/check', { ...bearer(token), body });
  expect((await report({ verdict: 'limited', parts: ['ring', 'network'] })).status).toBe(204);
  expect(server.exchanges.only.told.at(-1)).toBe('check 201 limited ring network');
  expect((await report({ verdict: 'perfect', parts: [] })).status).toBe(400);
  expect((await report({ verdict: 'ready', parts: Array(6).fill('ring') })).status).toBe(400);
});

test('POST /api/terminal/faults', async () => {
  const { token } = await server.enrol('201');
  const report = (body: object) => server.call('POST /api/terminal/faults', { ...bearer(token), body });
  expect((await report({ part: 'list', error: 'TypeError: x is undefined' })).status).toBe(204);
  expect(server.exchanges.only.told.at(-1)).toBe('fault 201 list TypeError: x is undefined');
  expect((await report({ part: 'window', error: '' })).status).toBe(400);
  expect((await report({ part: 'list', error: 'x'.repeat(201) })).status).toBe(400);
});

test('PUT /api/terminal/page', async () => {
  const { token } = await server.enrol('201');
  const report = (body: object) =>
    server.call('PUT /api/terminal/page', {
      headers: { ...bearer(token).headers, 'user-agent': 'Kiosk/1' },
      body,
    });
  const said = { microphone: 'denied', clockAhead: -90_000, version: '0.1.0' };
  expect((await report(said)).status).toBe(204);
  expect(server.exchanges.only.told.at(-1)).toBe('page 201 denied 0.1.0 Kiosk/1');
  expect((await report({ ...said, microphone: 'loud' })).status).toBe(400);
  expect((await report({ ...said, version: 'v'.repeat(33) })).status).toBe(400);
});

test('of what a browser calls itself, 256 characters are kept', async () => {
  const { token } = await server.enrol('201');
  const headers = { ...bearer(token).headers, 'user-agent': 'K'.repeat(10_000) };
  const body = { microphone: 'granted', clockAhead: 0, version: '0.1.0' };
  expect((await server.call('PUT /api/terminal/page', { headers, body })).status).toBe(204);
  expect(server.exchanges.only.told.at(-1)).toBe(`page 201 granted 0.1.0 ${'K'.repeat(256)}`);
});

test('a page says 60 things of itself in a minute at most, and the other pages of its phone go on', async () => {
  const [one, other] = [await server.enrol('201'), await server.enrol('201')];
  const bodies = {
    'PUT /api/terminal/check': { verdict: 'ready', parts: [] },
    'POST /api/terminal/faults': { part: 'list', error: 'TypeError' },
    'PUT /api/terminal/page': { microphone: 'granted', clockAhead: 0, version: '0.1.0' },
  };
  for (const [request, body] of Object.entries(bodies))
    for (let count = 0; count < 20; count++)
      expect((await server.call(request, { ...bearer(one.token), body })).status).toBe(204);
  for (const [request, body] of Object.entries(bodies)) {
    expect(await server.refusal(request, { ...bearer(one.token), body })).toBe('429 too-many-requests');
    expect((await server.call(request, { ...bearer(other.token), body })).status).toBe(204);
  }
});

test('codes cannot be tried indefinitely', async () => {
  const guess = { body: { code: 'guess' } };
  for (let count = 0; count < 30; count++) await server.call('POST /api/enrolments/redeem', guess);
  expect(await server.refusal('POST /api/enrolments/redeem', guess)).toBe('429 too-many-requests');
});

test('with a public address, links and SIP use it', async () => {
  const other = await startTestServer({ publicUrl: new URL('https://phone.example.org') });
  await other.setUp();
  await other.call('POST /api/extensions', { body: { number: '101', name: 'Ada', kind: 'person' } });
  const { json } = await other.call('POST /api/extensions/101/enrolments', { body: { uses: 3 } });
  expect(json).toMatchObject({
    url: expect.stringMatching(/^https:\/\/phone\.example\.org\/phone\/101#/),
    uses: 3,
  });
  expect((await other.enrol('101')).sip.url).toBe('wss://phone.example.org/sip');
  await other.close();
});
