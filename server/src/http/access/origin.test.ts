import { afterAll, beforeAll, expect, test } from 'vitest';
import { ADMINISTRATOR, startTestServer } from '../support/test-server.ts';
import type { TestServer } from '../support/test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await server.setUp();
  server.signedOut();
});
afterAll(() => server.close());

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
