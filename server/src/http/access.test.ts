import { organizationId } from '@perch/shared';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ADMINISTRATOR, startTestServer } from './support/test-server.ts';
import type { TestServer } from './support/test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await server.setUp();
  server.signedOut();
});
afterAll(() => server.close());

test.for([
  'DELETE /api/session',
  'GET /api/extensions',
  'POST /api/extensions',
  'GET /api/extensions/101',
  'PATCH /api/extensions/101',
  'DELETE /api/extensions/101',
  'PUT /api/extensions/101/secret-code',
  'PUT /api/extensions/101/voicemail-pin',
  'POST /api/extensions/101/sip-credentials',
  'POST /api/extensions/101/enrolments',
  'GET /api/extensions/101/enrolments',
  `DELETE /api/extensions/101/enrolments/${'x'.repeat(43)}`,
  `DELETE /api/extensions/101/browsers/${'x'.repeat(43)}`,
  'POST /api/extensions/101/return-to-base',
  'GET /api/floor',
])('%s is for administrators only', async (request) => {
  expect(await server.refusal(request, { body: { nonsense: true } })).toBe('401 not-signed-in');
});

test.for([
  [{ origin: 'https://evil.test' }, '403 cross-origin'],
  [{ origin: 'null' }, '403 cross-origin'],
  [{ 'sec-fetch-site': 'cross-site' }, '403 cross-origin'],
  [{ 'sec-fetch-site': 'same-site' }, '403 cross-origin'],
  [{ origin: 'http://localhost:80' }, '401 wrong-credentials'],
  [{ 'sec-fetch-site': 'same-origin' }, '401 wrong-credentials'],
] as const)('a page that sends %j gets %s', async ([headers, expected]) => {
  const body = { ...ADMINISTRATOR, password: 'wrong' };
  expect(
    await server.refusal('POST /api/session', { body, headers: { host: 'localhost', ...headers } }),
  ).toBe(expected);
});

test('a refused page is told which address is believed, and how to correct it; the log says it once', async () => {
  const refused = { headers: { host: 'localhost:8080', origin: 'https://phone.example.org' } };
  const other = { headers: { ...refused.headers, origin: 'http://localhost' } };
  const { json } = await server.call('POST /api/origin', refused);
  expect(json).toMatchObject({
    code: 'cross-origin',
    detail: expect.stringMatching(
      /from https:\/\/phone\.example\.org, .* reached at http:\/\/localhost:8080, .* set PERCH_PUBLIC_URL to https:\/\/phone\.example\.org/,
    ),
  });
  await server.call('POST /api/origin', refused);
  await server.call('POST /api/origin', other);
  const said = server.journal.filter((line) => line.startsWith('origin-refused') && line.includes(':8080'));
  expect(said).toHaveLength(2);
  expect(said[0]).toContain('PERCH_PUBLIC_URL');
  expect((await server.call('POST /api/origin', { headers: { host: 'localhost:8080' } })).status).toBe(204);
});

test('a body that a form can send is refused', async () => {
  const { app } = server.http;
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
    const response = await app.inject({
      method: 'POST',
      url: '/api/session',
      headers: { 'content-type': type },
      payload: JSON.stringify(ADMINISTRATOR),
    });
    expect([type, response.statusCode]).toEqual([type, 400]);
  }
});

test('an administrator neither sees nor changes anything of another organization', async () => {
  const { storage, management, exchanges } = server;
  const theirs = { id: organizationId('p'), name: 'Other', domain: 'other.test', emergencyNumbers: [] };
  await storage.organizations.create(theirs, {
    id: 'them',
    organization: theirs.id,
    email: 'them@other.test',
    passwordHash: '',
  });
  await exchanges.start(theirs);
  await management.extensions.follow(theirs);
  const acting = { organization: theirs.id, who: 'them@other.test' };
  const create = (number: string, name: string) =>
    management.extensions.create(acting, { number, name, kind: 'person', allowVirtualization: true });
  await create('101', 'Theirs');
  await create('102', 'Only theirs');

  await server.call('POST /api/session', { body: ADMINISTRATOR });
  const ours = { number: '101', name: 'Ours', kind: 'person' };
  expect((await server.call('POST /api/extensions', { body: ours })).status).toBe(200);
  expect((await server.call('GET /api/extensions')).json).toMatchObject([{ name: 'Ours' }]);
  expect((await server.call('GET /api/floor')).json).toMatchObject({
    terminals: [{ owner: { name: 'Ours' } }],
  });
  for (const request of [
    'GET /api/extensions/102',
    'DELETE /api/extensions/102',
    'POST /api/extensions/102/sip-credentials',
    'POST /api/extensions/102/return-to-base',
    'GET /api/extensions/102/enrolments',
  ])
    expect([request, await server.refusal(request)]).toEqual([request, '404 not-found']);

  const body = { uses: 1 };
  expect(await server.refusal('POST /api/extensions/102/enrolments', { body })).toBe('404 not-found');
  await server.call('PATCH /api/extensions/101', { body: { suspended: true } });
  expect(management.extensions.find(theirs.id, '101')).toMatchObject({ name: 'Theirs', suspended: false });
});
