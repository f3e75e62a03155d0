import { auditPage } from '@perch/shared';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Audit } from '../../storage/sqlite/audit/audit.ts';
import { ADMINISTRATOR, startTestServer } from '../support/test-server.ts';
import type { TestServer } from '../support/test-server.ts';

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer({ canMail: false });
  await server.setUp();
  for (const number of ['101', '102'])
    await server.call('POST /api/extensions', { body: { number, name: `Ada ${number}`, kind: 'person' } });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await server.close();
});

const EVE = { email: 'eve@demo.test', roles: ['supervisor'] };

/** Each changes something that the lists below show. */
const CHANGES: readonly (readonly [request: string, body?: object])[] = [
  ['POST /api/extensions', { number: '103', name: 'Carl', kind: 'person' }],
  ['PATCH /api/extensions/101', { name: 'Ada L.', suspended: true }],
  ['PUT /api/extensions/101/secret-code', { code: '471199' }],
  ['PUT /api/extensions/101/voicemail-pin', { pin: '246800' }],
  ['POST /api/extensions/101/enrolments', {}],
  ['POST /api/extension-changes', { numbers: ['101', '102'], change: { group: 'Sales' }, dryRun: false }],
  ['POST /api/people', EVE],
  ['POST /api/organizations', { name: 'Other', domain: 'other.test', administrator: 'boss@other.test' }],
  ['PUT /api/organization/time-zone', { timeZone: 'Europe/Berlin' }],
  ['POST /api/session', ADMINISTRATOR],
  ['DELETE /api/extensions/102'],
];

async function lists() {
  const found = [];
  for (const path of [
    ...['extensions', 'extensions/101/enrolments', 'people', 'organizations', 'session', 'session/all'],
  ])
    found.push((await server.call(`GET /api/${path}`)).text.replaceAll(/"heardAt":\d+/g, ''));
  return found;
}
const entries = async () => auditPage.parse((await server.call('GET /api/audit')).json).entries;

test.for(CHANGES)('%s: where its entry cannot be written, it has not happened', async ([request, body]) => {
  const before = await lists();
  const add = vi.spyOn(Audit.prototype, 'add').mockImplementation(() => {
    throw new Error('the audit cannot be written');
  });
  expect(await server.refusal(request, { body })).toBe('500 unavailable');
  add.mockRestore();
  expect(await lists()).toEqual(before);
  const { status, text } = await server.call(request, { body });
  expect([request, status < 300, text]).toEqual([request, true, expect.anything()]);
  expect(await lists()).not.toEqual(before);
});

test('where a change cannot be stored, the audit has what was tried, and not that it was done', async () => {
  vi.spyOn(server.storage.people, 'insert').mockRejectedValue(new Error('the disk is gone'));
  expect(await server.refusal('POST /api/people', { body: EVE })).toBe('500 unavailable');
  expect((await entries())[0]).toMatchObject({
    action: 'invitePerson',
    about: EVE.email,
    result: 'unavailable',
  });
});

test('each change has one entry, with what is stored now', async () => {
  await server.call('PATCH /api/extensions/101', { body: { name: 'Ada L.', group: 'Sales' } });
  await server.call('PATCH /api/extensions/101', { body: { name: 'Ada L.' } });
  const all = (await entries()).filter(({ action }) => action === 'changeExtension');
  expect(all.map(({ before, after }) => [before, after])).toEqual([
    [{}, {}],
    [
      { name: 'Ada 101', group: null },
      { name: 'Ada L.', group: 'Sales' },
    ],
  ]);
});

test('who turns a second factor on or off ends the sessions elsewhere, not their own', async () => {
  const elsewhere = { headers: { cookie: server.cookie() } };
  await server.call('POST /api/session', { body: ADMINISTRATOR });
  const [boss] = await server.storage.people.byEmail(ADMINISTRATOR.email);
  const confirm = vi.spyOn(server.management.secondFactors, 'confirm').mockResolvedValue({ codes: [] });
  await server.call('POST /api/session/second-factor/confirm', { body: { code: '000000' } });
  expect(confirm).toHaveBeenCalled();
  expect(await server.refusal('GET /api/floor', elsewhere)).toBe('401 not-signed-in');
  expect((await server.call('GET /api/floor')).status).toBe(200);
  expect(await server.storage.people.sessionsOf(boss?.id ?? '', 0)).toHaveLength(1);
});
