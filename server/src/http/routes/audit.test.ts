import { auditPage, personLink } from '@perch/shared';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ADMINISTRATOR, startTestServer } from '../support/test-server.ts';
import type { TestServer } from '../support/test-server.ts';

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer({ canMail: false });
  await server.setUp();
});
afterEach(() => server.close());

const entries = async (query = '') =>
  auditPage.parse((await server.call(`GET /api/audit${query}`)).json).entries;
const lines = async () =>
  (await entries()).map(({ who, action, about, result }) => `${who} ${action} ${about} ${result}`).reverse();
const BOSS = ADMINISTRATOR.email;
const ADA = { number: '101', name: 'Ada', kind: 'person' };

test('each change says who, where from, about what, and what was different', async () => {
  await server.call('POST /api/extensions', { body: ADA });
  await server.call('PATCH /api/extensions/101', { body: { name: 'Ada L.', allowVirtualization: true } });
  await server.call('PUT /api/extensions/101/secret-code', { body: { code: '4711' } });
  await server.call('DELETE /api/extensions/101');
  expect(await entries()).toMatchObject([
    {
      position: 5,
      action: 'deleteExtension',
      about: '101',
      before: { name: 'Ada L.', kind: 'person' },
      after: null,
    },
    { action: 'setSecretCode', before: { hasSecretCode: false }, after: { hasSecretCode: true } },
    {
      ...{ who: BOSS, address: '127.0.0.1', action: 'changeExtension', about: '101', result: 'done' },
      before: { name: 'Ada', allowVirtualization: false },
      after: { name: 'Ada L.', allowVirtualization: true },
    },
    { action: 'createExtension', about: '101', before: null, after: { name: 'Ada', kind: 'person' } },
    { position: 1, who: BOSS, action: 'setUp', before: null, after: null },
  ]);
});

test('attempts that are refused are there too: wrong passwords, wrong codes, what a role does not allow', async () => {
  await server.call('POST /api/extensions', { body: ADA });
  await server.call('PUT /api/extensions/101/secret-code', { body: { code: '1234' } });
  await server.call('DELETE /api/extensions/999');
  const invited = await server.call('POST /api/people', {
    body: { email: 'eve@demo.test', roles: ['owner'], extension: '101' },
  });
  const token = new URL(personLink.parse(invited.json).url ?? '').hash.slice(1);
  const own = { email: 'eve@demo.test', password: 'a long new password' };
  await server.call('POST /api/links/use', { body: { token, password: own.password } });
  await server.call('POST /api/session', { body: { ...own, password: 'wrong' } });
  await server.call('POST /api/session', { body: { ...own, email: 'nobody@demo.test' } });
  await server.call('POST /api/session', { body: own });
  await server.call('GET /api/audit');
  await server.call('DELETE /api/extensions/102');
  await server.call('PUT /api/extensions/102/secret-code', { body: { code: '4711' } });
  await server.call('POST /api/session', { body: ADMINISTRATOR });
  await expect
    .poll(lines)
    .toEqual(
      expect.arrayContaining([
        'eve@demo.test signIn eve@demo.test wrong-credentials',
        'nobody@demo.test signIn nobody@demo.test wrong-credentials',
      ]),
    );
  expect((await lines()).filter((line) => !line.includes('wrong-credentials')).slice(1, 11)).toEqual([
    `${BOSS} createExtension 101 done`,
    `${BOSS} setSecretCode 101 weak-code`,
    `${BOSS} deleteExtension 999 not-found`,
    `${BOSS} invitePerson eve@demo.test done`,
    'eve@demo.test choosePassword eve@demo.test done',
    'eve@demo.test signIn eve@demo.test done',
    'eve@demo.test audit null forbidden',
    'eve@demo.test deleteExtension 102 forbidden',
    'eve@demo.test setSecretCode 102 not-found',
    `${BOSS} signIn ${BOSS} done`,
  ]);
});

test('no secret is ever in it', async () => {
  await server.call('POST /api/extensions', { body: ADA });
  const secrets = ['471199', '246800', 'a long new password', ADMINISTRATOR.password];
  await server.call('PUT /api/extensions/101/secret-code', { body: { code: secrets[0] } });
  await server.call('PUT /api/extensions/101/voicemail-pin', { body: { pin: secrets[1] } });
  const { json } = await server.call('POST /api/extensions/101/sip-credentials');
  secrets.push((json as { password: string }).password);
  secrets.push((await server.enrol('101')).token);
  const invited = await server.call('POST /api/people', {
    body: { email: 'eve@demo.test', roles: ['supervisor'] },
  });
  const token = new URL(personLink.parse(invited.json).url ?? '').hash.slice(1);
  secrets.push(token, server.cookie().split('=')[1] ?? '');
  await server.call('POST /api/links/use', { body: { token, password: secrets[2] } });
  await server.call('POST /api/session', { body: { email: 'eve@demo.test', password: secrets[2] } });
  await server.call('POST /api/session', { body: ADMINISTRATOR });
  const { text } = await server.call('GET /api/audit.csv');
  expect(text).toContain('issueSipCredentials');
  for (const secret of secrets) expect([secret, text.includes(secret)]).toEqual([secret, false]);
  expect(text).not.toMatch(/argon2|\$v=/);
});

test('as a table it is whole, and no cell is a formula', async () => {
  await server.call('POST /api/people', { body: { email: '+ada@demo.test', roles: ['supervisor'] } });
  await server.call('POST /api/people', { body: { email: 'ada@demo.test', roles: ['supervisor'] } });
  const { text, headers } = await server.call('GET /api/audit.csv?text=ada@');
  expect(headers).toMatchObject({
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': expect.stringMatching(/^attachment; filename="Audit\.csv"/),
  });
  const [head, ...rows] = text.trimEnd().split('\n');
  expect(head).toBe('\ufeffposition,at,who,address,action,about,result,before,after,seal');
  expect(rows.map((row) => row.split(',')[5])).toEqual(['ada@demo.test', "'+ada@demo.test"]);
  expect(await lines()).toContain(`${BOSS} auditCsv null done`);
});

test('it is searched and paged, and proves that nothing in it was changed', async () => {
  for (const number of ['101', '102', '103'])
    await server.call('POST /api/extensions', { body: { ...ADA, number } });
  const page = auditPage.parse((await server.call('GET /api/audit?size=2')).json);
  expect([page.entries.map(({ about }) => about), page.next]).toEqual([['103', '102'], 3]);
  expect((await entries(`?size=2&before=${page.next}`)).map(({ action }) => action)).toEqual([
    'createExtension',
    'setUp',
  ]);
  expect(await entries('?text=102')).toHaveLength(1);
  expect(await entries('?action=setUp')).toHaveLength(1);
  expect(await entries('?action=setUp,createExtension')).toHaveLength(4);
  expect(await entries(`?from=${Date.now() + 60_000}`)).toEqual([]);
  expect(await server.refusal('GET /api/audit?size=100000')).toBe('400 invalid-request');
  const [last] = await entries();
  expect((await server.call('GET /api/audit/check')).json).toEqual({
    entries: 4,
    forgottenThrough: 0,
    seal: last?.seal,
    brokenAt: null,
  });
  const ofThem = (await server.call('GET /api/audit.csv?action=createExtension&text=102')).text;
  expect(ofThem.trimEnd().split('\n')).toHaveLength(2);
});
