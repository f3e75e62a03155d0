import type { CallRecord, ExtensionId, HistoryPage } from '@perch/shared';
import { afterEach, expect, test } from 'vitest';
import { aCall, at as atHome, madePart } from '../../records/support/test-records.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

/** A thread that starts on a busy machine takes its time (milliseconds). */
const PATIENCE = 30_000;

const servers: TestServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

/** The phone of 101 Ada, beside 102 Ben and the station 201. */
async function start(number = '101') {
  const server = await startTestServer();
  servers.push(server);
  await server.setUp();
  for (const [each, name] of [
    ['101', 'Ada'],
    ['102', 'Ben'],
    ['201', 'Front desk'],
  ] as const)
    await server.call('POST /api/extensions', {
      body: { number: each, name, kind: each === '201' ? 'station' : 'person' },
    });
  const { token } = await server.enrol(number);
  const bearer = { headers: { authorization: `Bearer ${token}` } };
  const [ada, ben] = [server.extensionOf('101'), server.extensionOf('102')];

  /** A call between the two; `by` made it. */
  const write = (
    id: string,
    startedAt: number,
    by: '101' | '102',
    talkMs: number,
    given: Partial<CallRecord> = {},
  ) => {
    const part = (own: typeof ada, other: ExtensionId) =>
      madePart(own.number, {
        ...{ extension: own.id, other, name: own.name, talkMs },
        ...(own.number !== by && { role: 'callee', result: talkMs > 0 ? 'handled' : 'missed' }),
      });
    const caller = { ...atHome(by, by === '101' ? ada.id : ben.id) };
    const callee = { ...atHome(by === '101' ? '102' : '101', by === '101' ? ben.id : ada.id) };
    const call = aCall(id, {
      ...{ startedAt, endedAt: startedAt + 10, caller, callee, legs: [], attempts: [] },
      answeredAt: talkMs > 0 ? startedAt + 1 : null,
      parts: [part(ada, ben.id), part(ben, ada.id)],
      ...given,
    });
    return server.storage.calls(ada.organization).finish(call);
  };
  const history = async (query = '') =>
    (await server.call(`GET /api/terminal/history${query}`, bearer)).json as HistoryPage;
  return { server, ada, ben, bearer, write, history };
}

test(
  'the calls of the person at a phone, in pages, and what of them was missed',
  { timeout: PATIENCE },
  async () => {
    const { write, history, server, ada } = await start();
    await write('made', 1_000, '101', 500);
    await write('missed', 2_000, '102', 0);
    await write('returned', 3_000, '101', 700);
    await write('missed again', 4_000, '102', 0);
    await server.storage.calls(ada.organization).finish(
      aCall('a visit', {
        startedAt: 5_000,
        parts: [madePart('101', { extension: ada.id, role: 'joined', waitMs: 1 })],
      }),
    );
    const all = await history();
    expect(all).toMatchObject({ extension: '101', next: null });
    expect(
      all.calls.map(({ id, direction, result, returned, ms }) => [id, direction, result, returned, ms]),
    ).toEqual([
      ['missed again', 'in', 'missed', false, null],
      ['returned', 'out', 'answered', false, 700],
      ['missed', 'in', 'missed', true, null],
      ['made', 'out', 'answered', false, 500],
    ]);
    expect((await history('?missed=yes')).calls.map(({ id, returned }) => [id, returned])).toEqual([
      ['missed again', false],
      ['missed', true],
    ]);
    const first = await history('?size=3');
    const second = await history(`?size=3&after=${first.next ?? ''}`);
    expect([first.calls.length, second.calls.map(({ id }) => id), second.next]).toEqual([3, ['made'], null]);
  },
);

test('a station without a guest has no history, no favourites, and nothing to look at', async () => {
  const { server, bearer } = await start('201');
  const body = { of: '101', until: 1, favourite: true };
  for (const request of [
    'GET /api/terminal/history',
    'PUT /api/terminal/history/seen',
    'PUT /api/terminal/favourites/102',
  ])
    expect(
      await server.refusal(request, request.startsWith('GET') ? bearer : { ...bearer, body }),
      request,
    ).toBe('409 phone-locked');
});

test('what is asked for one person and found for another is not told', { timeout: PATIENCE }, async () => {
  const { server, bearer, ada, ben } = await start();
  const person = ({ id, number }: typeof ada) => ({ extension: id, number });
  server.exchanges.only.persons.push(person(ada), person(ben));
  expect(await server.refusal('GET /api/terminal/history', bearer)).toBe('409 phone-locked');
});

test('what somebody does for another person than the one who is there is not done', async () => {
  const { server, bearer } = await start();
  const asBen = { ...bearer, body: { of: '102', until: 1, favourite: true } };
  expect(await server.refusal('PUT /api/terminal/history/seen', asBen)).toBe('409 phone-locked');
  expect(await server.refusal('PUT /api/terminal/favourites/102', asBen)).toBe('409 phone-locked');
  expect(server.exchanges.only.told.join()).not.toMatch(/seen|favourite/);
});

test('missed calls are looked at, and favourites made, by the person who is there', async () => {
  const { server, bearer } = await start();
  const { only } = server.exchanges;
  const asAda = { ...bearer, body: { of: '101', until: 7, favourite: true } };
  expect((await server.call('PUT /api/terminal/history/seen', asAda)).status).toBe(204);
  expect((await server.call('PUT /api/terminal/favourites/102', asAda)).status).toBe(204);
  expect(only.told.slice(-2)).toEqual(['seen 101 7', 'favourite 101 102 true']);
  only.favoured = 'full';
  expect(await server.refusal('PUT /api/terminal/favourites/102', asAda)).toBe('409 favourites-full');
  only.favoured = 'not-found';
  expect(await server.refusal('PUT /api/terminal/favourites/999', asAda)).toBe('404 not-found');
});

test('a browser that asks without end is refused', { timeout: PATIENCE }, async () => {
  const { server, bearer } = await start();
  const answers = [];
  for (let count = 0; count < 121; count++)
    answers.push((await server.call('GET /api/terminal/history', bearer)).status);
  expect([answers[0], answers.at(-1)]).toEqual([200, 429]);
});
