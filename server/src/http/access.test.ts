import { afterAll, beforeAll, expect, test } from 'vitest';
import { ADMINISTRATOR, startTestServer } from './fixtures.ts';
import type { TestServer } from './fixtures.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await server.setUp();
  server.signedOut();
});
afterAll(() => server.close());

test.for([
  'GET /api/session',
  'DELETE /api/session',
  'GET /api/extensions',
  'POST /api/extensions',
  'GET /api/extensions/101',
  'PATCH /api/extensions/101',
  'DELETE /api/extensions/101',
  'PUT /api/extensions/101/secret-code',
  'POST /api/extensions/101/sip-credentials',
  'POST /api/extensions/101/enrolments',
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

test('what a form can send is not taken', async () => {
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
