import { afterEach, beforeEach, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../support/test-server.ts';

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer();
  await server.setUp();
  await server.call('POST /api/extensions', { body: { number: '101', name: 'Ada', kind: 'person' } });
});
afterEach(() => server.close());

const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
const subscription = {
  endpoint: 'https://push.example.org/abc',
  p256dh: 'B'.repeat(87),
  auth: 'a'.repeat(22),
  instance: 'urn:uuid:00000000-0000-4000-8000-000000000101',
};

test('a phone subscribes, is told so, and no more', async () => {
  const [{ token }, other] = [await server.enrol('101'), await server.enrol('101')];
  const settings = async (of: string) => (await server.call('GET /api/terminal/push', bearer(of))).json;
  expect(await settings(token)).toEqual({ key: expect.stringMatching(/^[\w-]{87}$/), endpoint: null });
  expect((await server.call('PUT /api/terminal/push', { ...bearer(token), body: subscription })).status).toBe(
    204,
  );
  expect(await settings(token)).toMatchObject({ endpoint: subscription.endpoint });
  expect(await settings(other.token)).toMatchObject({ endpoint: null });
  expect((await server.call('DELETE /api/terminal/push', bearer(token))).status).toBe(204);
  expect(await settings(token)).toMatchObject({ endpoint: null });
});

test.for([
  { endpoint: 'http://push.example.org/' },
  { endpoint: 'https://127.0.0.1/' },
  { endpoint: 'https://[::1]:8080/' },
  { endpoint: 'https://10.0.0.1/' },
  { endpoint: 'push' },
  { endpoint: `https://push.example.org/${'x'.repeat(2048)}` },
  { p256dh: 'B'.repeat(86) },
  { p256dh: 'B'.repeat(88) },
  { auth: '' },
  { auth: '=+/'.repeat(8) },
  { instance: 'urn:uuid:x' },
  { instance: '"' },
])('refused: %j', async (wrong) => {
  const { token } = await server.enrol('101');
  const refusal = await server.refusal('PUT /api/terminal/push', {
    ...bearer(token),
    body: { ...subscription, ...wrong },
  });
  expect(refusal).toBe('400 invalid-request');
});

test('for the owner of a phone, at home: no desk, and nobody else who is there', async () => {
  await server.call('POST /api/extensions', { body: { number: '201', name: 'Front desk', kind: 'station' } });
  const { token } = await server.enrol('201');
  const refusal = await server.refusal('PUT /api/terminal/push', { ...bearer(token), body: subscription });
  expect(refusal).toBe('403 not-own-phone');
});

test('strangers cannot subscribe, and a browser not as often as it likes', async () => {
  for (const request of ['GET', 'PUT', 'DELETE'].map((method) => `${method} /api/terminal/push`))
    expect(await server.refusal(request, { ...bearer('guess'), body: subscription })).toBe(
      '401 terminal-unknown',
    );
  const { token } = await server.enrol('101');
  for (let count = 0; count < 10; count++)
    expect(
      (await server.call('PUT /api/terminal/push', { ...bearer(token), body: subscription })).status,
    ).toBe(204);
  expect(await server.refusal('PUT /api/terminal/push', { ...bearer(token), body: subscription })).toBe(
    '429 too-many-requests',
  );
});

test('the word of a message is all that a worker needs to answer it', async () => {
  server.exchanges.only.pushWord = 'word';
  const organization = server.exchanges.only.book.directory.organization.id;
  server.signedOut();
  const answer = (body: object) => ({ body: { organization, word: 'word', says: 'declined', ...body } });
  expect((await server.call('POST /api/push/answer', answer({}))).status).toBe(204);
  expect(server.exchanges.only.told.at(-1)).toBe('answer-push word declined');
  expect((await server.call('POST /api/push/answer', answer({ says: 'ringing' }))).status).toBe(204);
  expect(await server.refusal('POST /api/push/answer', answer({ word: 'guess' }))).toBe('404 not-found');
  expect(await server.refusal('POST /api/push/answer', answer({ organization: 'other' }))).toBe(
    '404 not-found',
  );
  expect(await server.refusal('POST /api/push/answer', answer({ says: 'answered' }))).toBe(
    '400 invalid-request',
  );
  expect(await server.refusal('POST /api/push/answer', answer({ word: 'x'.repeat(65) }))).toBe(
    '400 invalid-request',
  );
});

test('words cannot be tried indefinitely, and right ones do not count', async () => {
  server.exchanges.only.pushWord = 'word';
  const organization = server.exchanges.only.book.directory.organization.id;
  const body = { organization, word: 'guess', says: 'declined' };
  for (let count = 0; count < 40; count++)
    await server.call('POST /api/push/answer', { body: { ...body, word: 'word' } });
  for (let count = 0; count < 30; count++)
    expect(await server.refusal('POST /api/push/answer', { body })).toBe('404 not-found');
  expect(await server.refusal('POST /api/push/answer', { body })).toBe('429 too-many-requests');
});
