import { auditPage, type Ladder } from '@perch/shared';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startTestServer } from '../support/test-server.ts';
import type { TestServer } from '../support/test-server.ts';

const ID = '5b5c2bcc-6f6a-4c3f-9d0e-2f6d9f3b8a11';
const HIDDEN = '6b5c2bcc-6f6a-4c3f-9d0e-2f6d9f3b8a11';
const LADDER: Ladder = {
  ...{ id: ID, startedAt: 1_795_000_000_000, live: false, dialled: '102' },
  legs: [
    {
      party: { number: '101', name: 'Ada', desk: { number: '201', name: 'Front desk' } },
      ...{ calls: true, callId: 'a', left: 3 },
    },
  ],
  messages: [
    {
      ...{ at: 1_795_000_001_250, leg: 0, sent: false, method: 'INVITE', status: null, reason: '' },
      ...{ sdp: 'offer', hold: null, text: 'INVITE sip:102@x SIP/2.0\r\nCall-ID: a\r\n\r\n' },
    },
  ],
};

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer();
  await server.setUp();
  const { kept } = server.exchanges.only;
  kept.set(ID, LADDER).set(HIDDEN, 'withheld');
});
afterEach(() => server.close());

test('the messages of a call are shown, and who has looked at which call is in the audit', async () => {
  expect((await server.call('GET /api/ladders?extension=102')).json).toMatchObject({ ladders: [{ id: ID }] });
  expect((await server.call('GET /api/ladders?extension=103')).json).toEqual({
    ...{ ladders: [], leftOut: null },
  });
  expect((await server.call(`GET /api/ladders/${ID}`)).json).toEqual(LADDER);
  await server.call(`GET /api/ladders/${ID}/text`);
  const { entries } = auditPage.parse((await server.call('GET /api/audit')).json);
  expect(entries.slice(0, 2)).toMatchObject([
    { action: 'ladderFile', about: ID, result: 'done' },
    { action: 'ladder', about: ID, result: 'done' },
  ]);
});

test('the text says who took part, what is missing, and when each message came', async () => {
  const { text, headers } = await server.call(`GET /api/ladders/${ID}/text`);
  expect(headers['content-disposition']).toContain('SIP 102');
  expect(text).toBe(
    [
      `SIP messages of the call ${ID}`,
      'Began 2026-11-18T11:06:40.000Z; secrets are removed',
      '',
      'Leg 1: 101 Ada at 201 Front desk calls, Call-ID a',
      '       not kept: 3 of its messages',
      '',
      '--- +1.250 s  leg 1  101 Ada at 201 Front desk -> Perch',
      'INVITE sip:102@x SIP/2.0',
      'Call-ID: a',
      '',
    ].join('\n'),
  );
});

test('what is not kept is not found, and a withheld number is not shown', async () => {
  expect((await server.call('GET /api/ladders/leg-1')).json).toMatchObject({
    status: 404,
    code: 'not-found',
  });
  expect((await server.call(`GET /api/ladders/${HIDDEN}/text`)).json).toMatchObject({ code: 'forbidden' });
  server.exchanges.only.kept.set(ID, 'left-out');
  const details = [];
  for (const id of [ID, 'leg-1'])
    details.push(((await server.call(`GET /api/ladders/${id}`)).json as { detail: string }).detail);
  expect(details).toEqual([
    expect.stringContaining('too many calls began at once'),
    expect.stringContaining('no longer kept'),
  ]);
  expect((await server.call('GET /api/ladders/a.b')).json).toMatchObject({ status: 404 });
});
