import {
  FIGURE_NAMES,
  FIGURES,
  type AuditPage,
  type CallPage,
  type CallRecord,
  extensionId,
  type OrganizationId,
  type Report,
  type StayPage,
  type WhyAnswer,
} from '@perch/shared';
import { parse } from 'csv-parse/sync';
import { afterEach, expect, test } from 'vitest';
import { aCall, at as atHome, madePart } from '../../records/support/test-records.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

/** A thread that starts on a busy machine takes its time (milliseconds). */
const PATIENCE = 30_000;

const servers: TestServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

/** An organization with 101 Ada, 102 Ben and 201, a desk; its administrator is signed in. */
async function start() {
  const server = await startTestServer();
  servers.push(server);
  await server.setUp();
  const people = [
    ['101', 'Ada'],
    ['102', 'Ben'],
    ['201', 'Front desk'],
  ] as const;
  for (const [number, name] of people)
    await server.call('POST /api/extensions', {
      body: { number, name, kind: number === '201' ? 'station' : 'person' },
    });
  const { organization } = server.extensionOf('101');
  const write = (...calls: readonly CallRecord[]) =>
    Promise.all(calls.map((call) => server.storage.calls(organization).finish(call)));
  const ask = async (query: string) => (await server.call(`GET /api/records${query}`)).json as CallPage;
  return { server, organization, write, ask };
}

/** A call from one to the other that nobody answered. */
function missed(server: TestServer, id: string, startedAt: number, from: string, to: string): CallRecord {
  const [caller, callee] = [server.extensionOf(from), server.extensionOf(to)];
  return aCall(id, {
    ...{
      startedAt,
      result: 'no-answer',
      dialled: to,
      legs: [],
      answeredAt: null,
      talkMs: 0,
      endedAt: startedAt,
    },
    ...{ caller: { ...atHome(from, caller.id), name: caller.name }, callee: atHome(to, callee.id) },
    parts: [
      madePart(from, { extension: caller.id, terminal: caller.terminal, other: callee.id }),
      madePart(to, {
        ...{ extension: callee.id, terminal: callee.terminal, other: caller.id },
        ...{ role: 'callee', result: 'missed' },
      }),
    ],
  });
}

const idsOf = ({ records }: CallPage): readonly string[] => records.map(({ id }) => id);

test(
  'calls are found by who, where, when and how, in pages',
  async () => {
    const { server, write, ask } = await start();
    await write(
      missed(server, 'one', 1_000, '101', '102'),
      missed(server, 'two', 2_000, '102', '101'),
      missed(server, 'three', 3_000, '201', '102'),
    );
    expect(idsOf(await ask(''))).toEqual(['three', 'two', 'one']);
    const first = await ask('?size=2');
    expect(idsOf(first)).toEqual(['three', 'two']);
    expect(idsOf(await ask(`?size=2&after=${first.next ?? ''}`))).toEqual(['one']);
    expect(idsOf(await ask('?extension=101'))).toEqual(['two', 'one']);
    expect(idsOf(await ask('?extension=101&direction=made'))).toEqual(['one']);
    expect(idsOf(await ask('?station=201'))).toEqual(['three']);
    expect(idsOf(await ask('?from=2000&until=3000'))).toEqual(['two']);
    expect(idsOf(await ask('?extension=102&missed=unreturned'))).toEqual(['three', 'one']);
    expect(idsOf(await ask('?result=busy'))).toEqual([]);
    expect(await server.refusal('GET /api/records?extension=999')).toBe('404 not-found');
    for (const wrong of ['size=0', 'size=201', 'from=soon', 'missed=maybe', 'extension=x', 'after=%00'])
      expect([wrong, await server.refusal(`GET /api/records?${wrong}`)]).toEqual([
        wrong,
        '400 invalid-request',
      ]);
  },
  PATIENCE,
);

test(
  'the file has exactly the calls of the pages, and no cell that is a formula',
  async () => {
    const { server, write, ask } = await start();
    const evil = ['=HYPERLINK("x")', '+1', '-1', '@SUM', '\tx', 'a "quoted", name\r\nof two lines'];
    const calls = Array.from({ length: 600 }, (_, index) => {
      const call = missed(server, `call-${String(index)}`, index, index % 2 ? '101' : '102', '201');
      return { ...call, caller: { ...call.caller, name: evil[index % evil.length] ?? '' } };
    });
    await write(...calls);
    const { text, headers } = await server.call('GET /api/records.csv?extension=101&direction=made');
    expect(headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(headers['content-disposition']).toContain('filename="Calls.csv"');
    const rows = parse(text, { columns: true, bom: true }) as Record<string, string>[];
    const shown = idsOf(await ask('?extension=101&direction=made&size=200'));
    expect(rows).toHaveLength(300);
    expect(rows.slice(0, 200).map(({ id }) => id)).toEqual(shown);
    expect(rows[0]).toMatchObject({ 'caller number': '101', dialled: '201', 'missed by': '201' });
    const names = new Set(rows.map((row) => row['caller name']));
    expect([...names].filter((name) => /^[=+\-@\t]/.test(name ?? ''))).toEqual([]);
    expect(names).toContain("'+1");
    expect(names).toContain(evil.at(-1));
  },
  PATIENCE,
);

test(
  'an owner sees their own calls, also those that they made, and nobody else’s',
  async () => {
    const { server, write, ask } = await start();
    await write(
      missed(server, 'to Ben', 1_000, '101', '102'),
      missed(server, 'not theirs', 2_000, '102', '201'),
      missed(server, 'to Ada', 3_000, '201', '101'),
    );
    const [person] = await server.storage.people.byEmail('boss@demo.test');
    if (person === undefined) throw new Error('nobody is there');
    await server.storage.people.update({
      ...person,
      ...{ roles: ['owner'], extension: server.extensionOf('101').id },
    });
    expect(idsOf(await ask(''))).toEqual(['to Ada', 'to Ben']);
    expect(idsOf(await ask('?station=102'))).toEqual([]);
    expect(await server.refusal('GET /api/records?extension=102')).toBe('404 not-found');
    expect(await server.refusal('GET /api/records/why?extension=102&at=1')).toBe('404 not-found');
    const { text } = await server.call('GET /api/records.csv');
    expect(text).not.toContain('not theirs');
    expect((parse(text, { columns: true, bom: true }) as object[]).length).toBe(2);
  },
  PATIENCE,
);

test(
  'nobody who was called from a withheld number reads it anywhere; an administrator who was not and the caller do',
  async () => {
    const { server, write, ask } = await start();
    const call = missed(server, 'secret', 1_000, '102', '101');
    const ben = server.extensionOf('102');
    const withheld = { ...call.caller, name: 'Ben', withheld: true as const };
    await write({ ...call, caller: withheld, endedBy: { number: '102', name: 'Ben' } });
    expect((await ask('')).records[0]?.caller).toEqual(withheld);
    const [person] = await server.storage.people.byEmail('boss@demo.test');
    if (person === undefined) throw new Error('nobody is there');
    const become = (number: string) =>
      server.storage.people.update({
        ...person,
        ...{ roles: ['owner'], extension: server.extensionOf(number).id },
      });
    await become('101');
    for (const path of ['', '.csv', '/why?extension=101&at=1000']) {
      const { text } = await server.call(`GET /api/records${path}`);
      expect([path, text.includes('secret'), text.includes('anonymous')]).toEqual([path, true, true]);
      for (const id of [ben.id, ben.terminal]) expect(text).not.toContain(id);
      // An id may have any digits in it.
      const words = text.replaceAll(/\b[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}\b/g, '');
      for (const word of ['102', 'Ben']) expect(words).not.toContain(word);
    }
    await become('102');
    expect((await ask('')).records[0]?.caller).toEqual(withheld);
    // Nor does anyone else who may read all, of calls to their own extension.
    for (const roles of [['administrator'], ['supervisor']] as const) {
      await server.storage.people.update({ ...person, roles, extension: server.extensionOf('101').id });
      expect((await ask('')).records[0]?.caller).toMatchObject({ number: 'anonymous', extension: null });
    }
  },
  PATIENCE,
);

/** That extension sits at that desk from then on, or no longer. */
async function move(
  { storage }: TestServer,
  organization: OrganizationId,
  { guest, desk }: { guest: string; desk: string },
  at: number,
  endedBy?: 'returned' | 'claimed',
): Promise<void> {
  const stay = { virtual: extensionId(guest), base: extensionId(desk), since: at, by: 'dialled' } as const;
  await storage.virtualizations(organization).commit({
    ...(endedBy ? { ended: [stay], begun: [] } : { ended: [], begun: [stay] }),
    buckets: [],
    record: {
      ...{ at, action: endedBy ? 'return' : 'move', way: 'dialled', who: null, terminal: null, asked: null },
      ...{ extension: extensionId(endedBy === 'claimed' ? desk : guest), previousGuest: null },
      ...{ result: 'accepted', endings: endedBy ? [{ virtualization: stay, endedBy }] : [] },
    },
  });
}

test(
  'stays at desks say who was where, and who ended that; why it did not ring says it for an instant',
  async () => {
    const { server, organization, write } = await start();
    const idOf = (number: string): string => server.extensionOf(number).id;
    const [ada, ben, desk] = [idOf('101'), idOf('102'), idOf('201')];
    await move(server, organization, { guest: ada, desk }, 1_000);
    await move(server, organization, { guest: ben, desk: ada }, 2_000);
    await move(server, organization, { guest: ada, desk }, 5_000, 'claimed');
    await move(server, organization, { guest: ben, desk: ada }, 6_000, 'returned');
    await write(missed(server, 'then', 3_000, '201', '101'));
    const stays = (await server.call('GET /api/desk-stays')).json as StayPage;
    expect(stays.records).toEqual([
      {
        ...{ extension: { number: '102', name: 'Ben' }, desk: { number: '101', name: 'Ada' }, from: 2_000 },
        ...{ way: 'dialled', until: 6_000, endedBy: 'returned', endedWay: 'dialled', ender: null },
      },
      {
        ...{ extension: { number: '101', name: 'Ada' }, desk: { number: '201', name: 'Front desk' } },
        ...{ from: 1_000, way: 'dialled', until: 5_000, endedBy: 'claimed', endedWay: 'dialled' },
        ender: '201 Front desk',
      },
    ]);
    const pageOf = async (query: string) =>
      ((await server.call(`GET /api/desk-stays?${query}`)).json as StayPage).records.map(({ from }) => from);
    expect(await pageOf('extension=101')).toEqual([1_000]);
    expect(await pageOf('station=101')).toEqual([2_000]);
    expect(await pageOf('from=1500')).toEqual([2_000]);
    const first = (await server.call('GET /api/desk-stays?size=1')).json as StayPage;
    expect(await pageOf(`size=1&after=${first.next ?? ''}`)).toEqual([1_000]);
    const { text } = await server.call('GET /api/desk-stays.csv');
    expect(parse(text, { columns: true, bom: true })).toMatchObject([
      { number: '102', ended: 'returned' },
      { number: '101', 'desk number': '201', ended: 'claimed', from: '1970-01-01T00:00:01.000Z' },
    ]);
    const german = await server.call('GET /api/desk-stays.csv', { headers: { 'accept-language': 'de' } });
    expect(german.text.split('\n')[0]).toMatch(/^\uFEFF?Nummer,Name,Nummer des Platzes,/);
    expect(german.headers['content-disposition']).toContain('Aufenthalte');
    const why = (await server.call('GET /api/records/why?extension=101&at=3000')).json as WhyAnswer;
    expect(why).toMatchObject({
      ...{ extension: { number: '101', name: 'Ada' }, calls: [{ id: 'then' }] },
      ...{ guestAt: { desk: { number: '201' } }, guestHere: { extension: { name: 'Ben' } } },
    });
    const later = (await server.call('GET /api/records/why?extension=101&at=700000')).json as WhyAnswer;
    expect(later).toMatchObject({ calls: [], guestAt: null, guestHere: null });
  },
  PATIENCE,
);

test(
  'a report and its file have the same figures, of days in a time zone; stays count within them',
  async () => {
    const { server, organization, write } = await start();
    const [ada, desk] = [server.extensionOf('101'), server.extensionOf('201')];
    const noon = Date.UTC(2026, 9, 25, 11);
    await move(server, organization, { guest: ada.id, desk: desk.id }, noon - 24 * 3_600_000);
    await move(server, organization, { guest: ada.id, desk: desk.id }, noon, 'returned');
    const atDesk = (call: CallRecord): CallRecord => ({
      ...call,
      parts: call.parts.map((part) => ({
        ...part,
        ...(part.extension === ada.id && { terminal: desk.terminal, talkMs: 60_000, holdMs: 5_000 }),
      })),
    });
    await write(
      atDesk(missed(server, 'in the morning', noon - 3_600_000, '101', '102')),
      missed(server, 'the evening before', noon - 20 * 3_600_000, '102', '101'),
    );
    const days = 'from=2026-10-25&until=2026-10-25&timeZone=Europe/Berlin';
    const read = async (query: string) => (await server.call(`GET /api/reports?${query}`)).json as Report;
    const report = await read(days);
    // The day on which the clock is set back, until noon.
    const loggedInMs = 13 * 3_600_000;
    expect(report).toMatchObject({
      hours: 25,
      rows: [
        {
          ...{ number: '101', name: 'Ada' },
          figures: { offered: 0, outgoing: 1, loggedInMs, occupancy: 65_000 / loggedInMs, answerRate: null },
        },
        { number: '102', figures: { offered: 1, missed: 1, answerRate: 0, averageAnswerMs: null } },
      ],
      total: { offered: 1, outgoing: 1, internal: 2, talkMs: 60_000 },
      days: [{ date: '2026-10-25', missed: 1, outgoing: 1 }],
    });
    const { text } = await server.call(`GET /api/reports.csv?${days}`);
    const lines = parse(text, { columns: true, bom: true }) as Record<string, string>[];
    expect(lines.map(({ number, name }) => [number, name])).toEqual([
      ['101', 'Ada'],
      ['102', 'Ben'],
      ['', 'Total'],
    ]);
    for (const [index, { figures }] of [...report.rows, { figures: report.total }].entries())
      for (const name of FIGURE_NAMES) {
        const { unit, name: title } = FIGURES[name];
        const value = figures[name];
        const cell = lines[index]?.[unit === 'ms' ? `${title} (s)` : title];
        expect([name, cell === '' ? null : Number(cell)]).toEqual([
          name,
          value === null || unit !== 'ms' ? value : value / 1_000,
        ]);
      }
    const byStation = await read(`${days}&per=station`);
    expect(byStation.total).toEqual(report.total);
    expect(byStation.rows.map(({ number }) => number)).toEqual(['102', '201']);
    expect((await read(`${days}&extension=102`)).rows.map(({ number }) => number)).toEqual(['102']);
    expect((await read(`${days}&dayEnd=11:00`)).total).toMatchObject({
      offered: 0,
      loggedInMs: 12 * 3_600_000,
    });
    expect((await read(`${days}&weekdays=12345`)).days).toEqual([]);
    const groups = { 101: 'Sales', 201: 'Sales' };
    for (const [number, group] of Object.entries(groups))
      await server.call(`PATCH /api/extensions/${number}`, { body: { group } });
    const byGroup = await read(`${days}&per=group`);
    expect(byGroup.total).toEqual(report.total);
    expect(byGroup.rows.map(({ number, name, figures }) => [number, name, figures.outgoing])).toEqual([
      ['', 'Sales', 1],
      ['', '', 0],
    ]);
    expect((await read(`${days}&group=Sales`)).rows.map(({ number }) => number)).toEqual(['101']);
    expect((await read(`${days}&group=None`)).rows).toEqual([]);
    const sorted = await read(`${days}&sort=offered&size=1`);
    expect([sorted.count, sorted.rows.map(({ number }) => number)]).toEqual([2, ['102']]);
    expect((await read(`${days}&sort=offered&size=1&skip=1`)).rows.map(({ number }) => number)).toEqual([
      '101',
    ]);
    const byDay = (await server.call(`GET /api/reports.csv?${days}&table=days`)).text;
    expect(parse(byDay, { columns: true, bom: true })).toEqual([
      { day: '2026-10-25', Handled: '0', Missed: '1', Declined: '0', Outgoing: '1' },
    ]);
    for (const wrong of [
      'timeZone=Mars/Base',
      'dayEnd=25:00',
      'weekdays=8',
      'until=2030-01-01',
      'until=soon',
    ])
      expect([
        wrong,
        await server.refusal(
          `GET /api/reports?${wrong.startsWith('until') ? 'from=2026-10-25' : 'from=2026-10-25&until=2026-10-25'}&${wrong}`,
        ),
      ]).toEqual([wrong, '400 invalid-request']);
  },
  PATIENCE,
);

test(
  'days are those of the organization’s time zone, which its administrator sets; the change is in the audit',
  async () => {
    const { server, write } = await start();
    await write(missed(server, 'late in Auckland', Date.UTC(2026, 10, 26, 11), '101', '102'));
    const days = async () =>
      ((await server.call('GET /api/reports?from=2026-11-26&until=2026-11-27')).json as Report).days.map(
        ({ missed: count }) => count,
      );
    const set = (timeZone: string) => server.call('PUT /api/organization/time-zone', { body: { timeZone } });
    await set('Pacific/Auckland');
    expect(await days()).toEqual([0, 1]);
    await set('America/New_York');
    expect(await days()).toEqual([1, 0]);
    expect(await server.refusal('PUT /api/organization/time-zone', { body: { timeZone: '+02:00' } })).toBe(
      '400 invalid-request',
    );
    const { entries } = (await server.call('GET /api/audit?text=')).json as AuditPage;
    expect(entries.find(({ action, result }) => action === 'setTimeZone' && result === 'done')).toMatchObject(
      {
        before: { timeZone: 'Pacific/Auckland' },
        after: { timeZone: 'America/New_York' },
      },
    );
  },
  PATIENCE,
);
