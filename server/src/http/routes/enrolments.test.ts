import { enrolledTerminal, enrolmentLink, enrolments } from '@perch/shared';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Unwritable } from '../../management/unwritable.ts';
import { ADMINISTRATOR, startTestServer } from '../support/test-server.ts';
import type { TestServer } from '../support/test-server.ts';

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer();
  await server.setUp();
  for (const number of ['201', '202'])
    await server.call('POST /api/extensions', { body: { number, name: 'Desk', kind: 'station' } });
});
afterEach(async () => {
  vi.useRealTimers();
  await server.close();
});

const LISTED = 'GET /api/extensions/201/enrolments';
const listed = async () => enrolments.parse((await server.call(LISTED)).json);
const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

async function linkTo(number: string, body: object = {}): Promise<string> {
  const { json } = await server.call(`POST /api/extensions/${number}/enrolments`, { body });
  return new URL(enrolmentLink.parse(json).url).hash.slice(1);
}

const open = (code: string) =>
  server.call('POST /api/enrolments/redeem', { body: { code }, headers: { 'user-agent': 'Kiosk/1' } });

test('enrolled browsers and open links are listed: made when and by whom, from where, with what', async () => {
  const code = await linkTo('201', { uses: 3 });
  await open(code);
  const { browsers, links } = await listed();
  expect(browsers).toEqual([
    {
      id: expect.stringMatching(/^[\w-]{43}$/),
      madeAt: expect.any(Number),
      madeBy: ADMINISTRATOR.email,
      browser: 'Kiosk/1',
      address: '127.0.0.1',
      heardAt: expect.any(Number),
    },
  ]);
  expect(links).toMatchObject([{ madeBy: ADMINISTRATOR.email, usesLeft: 2 }]);
  expect(JSON.stringify([browsers, links])).not.toContain(code);
});

test('a revoked browser is refused at once; the others of its terminal stay', async () => {
  const [one, other] = [await server.enrol('201'), await server.enrol('201')];
  const [first] = (await listed()).browsers;
  expect((await server.call(`DELETE /api/extensions/201/browsers/${first?.id}`)).status).toBe(204);
  expect(server.accounts.byToken(one.token)).toBeUndefined();
  expect(await server.refusal('GET /api/terminal', bearer(one.token))).toBe('401 terminal-unknown');
  expect((await server.call('GET /api/terminal', bearer(other.token))).status).toBe(200);
  expect((await listed()).browsers).toHaveLength(1);
  expect(server.cutOff).toEqual(['This browser is no longer a phone']);
});

test('a browser that has left by itself is not listed', async () => {
  const { token } = await server.enrol('201');
  await server.call('DELETE /api/terminal/token', bearer(token));
  expect((await listed()).browsers).toEqual([]);
});

test('a withdrawn link enrols no browser; one that has used it stays', async () => {
  const code = await linkTo('201', { uses: 2 });
  const { token } = enrolledTerminal.parse((await open(code)).json);
  const [link] = (await listed()).links;
  expect((await server.call(`DELETE /api/extensions/201/enrolments/${link?.id}`)).status).toBe(204);
  expect((await open(code)).json).toMatchObject({ code: 'enrolment-invalid' });
  expect((await listed()).links).toEqual([]);
  expect((await server.call('GET /api/terminal', bearer(token))).status).toBe(200);
});

test('the id of another extension’s link or browser revokes nothing', async () => {
  await server.enrol('201');
  await linkTo('201');
  const { browsers, links } = await listed();
  for (const request of [
    `DELETE /api/extensions/202/browsers/${browsers[0]?.id}`,
    `DELETE /api/extensions/202/enrolments/${links[0]?.id}`,
    `DELETE /api/extensions/201/enrolments/${browsers[0]?.id}`,
    `DELETE /api/extensions/201/browsers/${links[0]?.id}`,
    'DELETE /api/extensions/201/browsers/guess',
  ])
    expect([request, await server.refusal(request)]).toEqual([request, '404 not-found']);
  expect(await listed()).toEqual({ browsers, links });
});

test('a link says why it is not accepted', async () => {
  const words = async (code: string) => ((await open(code)).json as { detail: string }).detail;
  const code = await linkTo('201', { hours: 1 });
  expect(await words(code.slice(0, -1))).toMatch(/^There is no such link: it was not copied as a whole/);
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_600_001 });
  expect(await words(code)).toMatch(/^This link has expired\./);
  vi.useRealTimers();
  expect((await open(code)).status).toBe(200);
  expect(await words(code)).toMatch(/^This link has been used\./);
});

test('a link of a suspended extension is not used up by trying it', async () => {
  const code = await linkTo('201');
  await server.call('PATCH /api/extensions/201', { body: { suspended: true } });
  expect((await open(code)).json).toMatchObject({ code: 'extension-suspended' });
  await server.call('PATCH /api/extensions/201', { body: { suspended: false } });
  expect((await open(code)).status).toBe(200);
});

test('when a browser was heard is not stored at every message, and not lost when the server stops', async () => {
  const { token } = await server.enrol('201');
  const written = vi.spyOn(server.storage.terminals, 'noteHeard');
  const later = Date.now() + 60_000;
  vi.useFakeTimers({ toFake: ['Date'], now: later });
  for (let count = 0; count < 20; count++) await server.call('GET /api/terminal', bearer(token));
  expect((await listed()).browsers).toMatchObject([{ heardAt: later }]);
  expect(written).not.toHaveBeenCalled();
  await server.management.close();
  expect(await server.storage.terminals.browsers()).toMatchObject([{ heardAt: later }]);
  expect(written).toHaveBeenCalledTimes(1);
});

test('a full disk does not keep the server from stopping, and when browsers were heard is stored later', async () => {
  const { token } = await server.enrol('201');
  await server.call('GET /api/terminal', bearer(token));
  const written = vi.spyOn(server.storage.terminals, 'noteHeard');
  written.mockRejectedValueOnce(new Unwritable('full', 'perch.db', undefined));
  await server.management.close();
  await server.management.close();
  expect(written.mock.calls[1]?.[0]).toHaveLength(1);
});

test('a link that only works on this computer says so', async () => {
  const issued = async (host: string) =>
    (await server.call('POST /api/extensions/201/enrolments', { body: {}, headers: { host } })).json;
  expect(await issued('localhost:8080')).toMatchObject({ onlyHere: true });
  expect(await issued('phone.example.org')).toMatchObject({ onlyHere: false });
});
