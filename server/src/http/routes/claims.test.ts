import {
  type AuditPage,
  type CallPage,
  type CallRecord,
  type ClaimableCall,
  CLAIM_WINDOW_MS,
  type Report,
  terminalId,
} from '@perch/shared';
import { afterEach, expect, test } from 'vitest';
import { aCall, at as atHome, madePart } from '../../records/support/test-records.ts';
import { systemWorld } from '../../world/world.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

/** A thread that starts on a busy machine takes its time (milliseconds). */
const PATIENCE = 30_000;
const MINUTE = 60_000;

const servers: TestServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

/** 999 Ada has come to the station 201 this very moment; 102 Ben is there to be called. */
async function start(kind: 'station' | 'person' = 'station') {
  const server = await startTestServer();
  servers.push(server);
  await server.setUp();
  for (const [number, name] of [
    ['102', 'Ben'],
    ['201', 'Front desk'],
    ['999', 'Ada'],
  ] as const)
    await server.call('POST /api/extensions', {
      body: { number, name, kind: number === '201' ? kind : 'person' },
    });
  const { token } = await server.enrol('201');
  const bearer = { headers: { authorization: `Bearer ${token}` } };
  const [desk, ben] = [server.extensionOf('201'), server.extensionOf('102')];
  const since = systemWorld.clock.now();
  server.exchanges.only.guests.set(terminalId(desk.terminal), 'Ada');
  server.exchanges.only.guestsSince = since;

  const write = (id: string, startedAt: number, given: Partial<CallRecord> = {}) => {
    const caller = { ...atHome('201', desk.id), name: desk.name, terminal: desk.terminal };
    const { extension, terminal } = caller;
    const own = { extension: extension ?? '', name: desk.name, terminal, other: ben.id };
    const call = aCall(id, {
      ...{ startedAt, caller, callee: { ...atHome('102', ben.id), name: ben.name }, legs: [] },
      parts: [madePart('201', { ...own, talkMs: 1_000 })],
      ...given,
    });
    return server.storage.calls(desk.organization).finish(call);
  };
  const claimable = async () =>
    ((await server.call('GET /api/terminal/claims', bearer)).json as readonly ClaimableCall[]).map(
      ({ id }) => id,
    );
  const claim = (call: string) => server.call('POST /api/terminal/claims', { ...bearer, body: { call } });
  return { server, since, write, claimable, claim, bearer };
}

test(
  'a call made at the desk just before is claimed once: the record, the figures and the audit say so',
  async () => {
    const { server, since, write, claimable, claim, bearer } = await start();
    await write('just before', since - MINUTE);
    await write('too early', since - CLAIM_WINDOW_MS - MINUTE);
    await write('help', since - MINUTE, { emergency: true });
    const outgoing = async () => {
      const { rows, total } = (await server.call('GET /api/reports?from=1970-01-01&until=1970-12-31'))
        .json as Report;
      const day = (await server.call(`GET /api/reports?${today(since)}`)).json as Report;
      return [
        total.outgoing,
        rows.length,
        day.total.outgoing,
        ...day.rows.map(({ number, figures }) => [number, figures.outgoing]),
      ];
    };
    expect(await outgoing()).toEqual([0, 0, 3, ['201', 3]]);
    expect((await server.call('GET /api/terminal/claims', bearer)).json).toEqual([
      { id: 'just before', at: since - MINUTE, answeredMs: 1_000 },
    ]);
    expect((await claim('just before')).status).toBe(204);
    expect(await claimable()).toEqual([]);
    expect((await claim('just before')).status).toBe(404);
    expect(await outgoing()).toEqual([0, 0, 3, ['201', 2], ['999', 1]]);
    const { records } = (await server.call('GET /api/records?extension=999')).json as CallPage;
    expect(records).toMatchObject([
      {
        id: 'just before',
        caller: { number: '999', name: 'Ada', desk: { number: '201', name: 'Front desk', since: null } },
        claimed: { by: { number: '999', name: 'Ada' }, from: { number: '201', name: 'Front desk' } },
      },
    ]);
    const { entries } = (await server.call('GET /api/audit?action=claimCall')).json as AuditPage;
    expect(entries).toMatchObject([
      { who: '201', about: '999', result: 'not-found' },
      { who: '201', about: '999', result: 'done', after: { call: 'just before', dialled: '102' } },
    ]);
  },
  PATIENCE,
);

const today = (at: number): string => {
  const day = new Date(at).toISOString().slice(0, 10);
  const before = new Date(at - 86_400_000).toISOString().slice(0, 10);
  return `from=${before}&until=${day}&timeZone=UTC`;
};

test(
  'the guest is not told with whom the calls were',
  async () => {
    const { server, since, write, bearer } = await start();
    await write('unanswered', since - MINUTE, { answeredAt: null });
    await write('outside', since - 2 * MINUTE, { callee: null, dialled: '0401234567' });
    expect((await server.call('GET /api/terminal/claims', bearer)).json).toEqual([
      { id: 'unanswered', at: since - MINUTE, answeredMs: null },
      { id: 'outside', at: since - 2 * MINUTE, answeredMs: 1_000 },
    ]);
  },
  PATIENCE,
);

test(
  'nothing can be claimed without a guest, by one who came long ago, or at a person’s own phone',
  async () => {
    const { server, since, write, claimable, claim } = await start();
    await write('a', since - MINUTE);
    expect(await claimable()).toEqual(['a']);
    server.exchanges.only.guestsSince = since - CLAIM_WINDOW_MS;
    await write('b', since - CLAIM_WINDOW_MS - MINUTE);
    expect(await claimable()).toEqual([]);
    expect((await claim('b')).status).toBe(404);
    server.exchanges.only.guestsSince = since;
    server.exchanges.only.guests.clear();
    expect(await claimable()).toEqual([]);
    expect((await claim('a')).status).toBe(404);

    const other = await start('person');
    await other.write('c', other.since - MINUTE);
    expect(await other.claimable()).toEqual([]);
  },
  PATIENCE,
);
