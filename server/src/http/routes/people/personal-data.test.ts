import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type AuditPage,
  type CallPage,
  type CallRecord,
  ERASURE_DEED,
  NO_FORWARDS,
  type HeldOf,
  type HeldPerson,
  recordingId,
  type Report,
} from '@perch/shared';
import { afterEach, expect, test } from 'vitest';
import type { Extension } from '../../../exchange/contract/extensions.ts';
import { administrator, organization as other } from '../../../management/support/stored.ts';
import { ERASED } from '../../../personal/person.ts';
import { Erasures } from '../../../personal/erasures.ts';
import { closing } from '../../../personal/closing.ts';
import type { ErasurePorts } from '../../../personal/ports.ts';
import { unzip } from '../../../personal/support/unzip.ts';
import { aCall, at as atHome, madePart } from '../../../records/support/test-records.ts';
import { VirtualClock } from '../../../world/virtual-clock.ts';
import { systemWorld } from '../../../world/world.ts';
import { ADMINISTRATOR, startTestServer, type TestServer } from '../../support/test-server.ts';

/** A thread that starts on a busy machine takes its time (milliseconds). */
const PATIENCE = 60_000;
const NAME = 'Wilhelmina Ostrander';
const NUMBER = '48151623';
const EMAIL = 'w.ostrander@demo.test';
const PASSWORD = 'correct horse battery';

const servers: TestServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

/** Whom the records name, as their own phone has them. */
const party = ({ id, number, name, terminal }: Extension) => ({ ...atHome(number, id), name, terminal });

/** Wilhelmina, whom everything knows; Ben, with whom she talks; the front desk, at which she works. */
async function start() {
  const server = await startTestServer();
  servers.push(server);
  await server.setUp();
  const { storage, call } = server;
  for (const [number, name, kind] of [
    [NUMBER, NAME, 'person'],
    ['102', 'Ben', 'person'],
    ['201', 'Front desk', 'station'],
  ] as const)
    await call('POST /api/extensions', { body: { number, name, kind, allowVirtualization: true } });
  await call(`PATCH /api/extensions/${NUMBER}`, { body: { group: 'Sales', place: `Room of ${NAME}` } });
  await call(`PATCH /api/extensions/102`, { body: { callBack: NUMBER, voicemailMail: EMAIL } });
  const on = { always: NUMBER, busy: '201', unanswered: { to: NUMBER, seconds: 15 }, unreachable: null };
  await call(`PATCH /api/extensions/102`, { body: { forwards: on } });
  const hers = { always: null, busy: '102', unanswered: null, unreachable: null };
  await call(`PATCH /api/extensions/${NUMBER}`, { body: { forwards: hers, doNotDisturb: true } });
  await server.enrol(NUMBER);
  const [her, ben, desk] = [server.extensionOf(NUMBER), server.extensionOf('102'), server.extensionOf('201')];
  const { organization } = her;
  const [boss] = await storage.people.byEmail(ADMINISTRATOR.email);
  if (!boss) throw new Error('nobody has set up the server');
  const account = { ...boss, id: systemWorld.chance.id(), email: EMAIL, extension: her.id };
  await storage.people.insert({ ...account, roles: ['owner'] });
  return { server, storage, call, her, ben, desk, organization, account };
}

/** Of everything that is kept, something about her. */
async function fill(known: Awaited<ReturnType<typeof start>>) {
  const { server, storage, call, her, ben, desk, organization } = known;
  const now = systemWorld.clock.now();
  const base = { startedAt: now, endedAt: now + 9_000, answeredAt: now + 1_000, rangAt: now + 500 };
  const [hers, bens] = [party(her), party(ben)];
  const attempt = { ...hers, at: now, rangAt: now, endedAt: now + 1_000, result: 'answered' } as const;
  const part = madePart(NUMBER, { extension: her.id, name: NAME, terminal: her.terminal, other: ben.id });
  const calls = storage.calls(organization);
  const write = (id: string, record: Partial<CallRecord>) => calls.finish(aCall(id, { ...base, ...record }));
  await write('made', {
    ...{ dialled: '102', caller: hers, callee: bens, legs: [], attempts: [] },
    parts: [{ ...part, talkMs: 7_000, station: { number: NUMBER, name: NAME } }],
    endedBy: { number: NUMBER, name: NAME },
  });
  await write('missed', {
    ...{ dialled: NUMBER, callee: hers, legs: [], result: 'no-answer' },
    caller: { ...bens, withheld: true },
    attempts: [{ ...attempt, by: { number: NUMBER, name: NAME }, occupant: null }],
    parts: [{ ...part, role: 'callee', result: 'missed', station: null }],
    mailbox: { number: NUMBER, name: NAME, from: now, until: now, message: null },
    reason: { protocol: 'SIP', cause: 480, text: `${NAME} is out` },
  });
  await write('moved', {
    ...{ dialled: `*30${NUMBER}`, caller: party(desk), legs: [], attempts: [], parts: [] },
    callee: { ...hers, extension: null, number: `*30${NUMBER}`, name: '', terminal: null },
  });
  const stays = storage.virtualizations(organization);
  const stay = { virtual: her.id, base: desk.id, since: now, by: 'dialled' } as const;
  const record = {
    at: now,
    way: 'dialled',
    who: null,
    terminal: desk.terminal,
    asked: NUMBER,
    extension: her.id,
    previousGuest: null,
    result: 'accepted',
  } as const;
  await stays.commit({
    ended: [],
    begun: [stay],
    buckets: [],
    record: { ...record, action: 'move', endings: [] },
  });
  await stays.commit({
    ...{ ended: [stay], begun: [], buckets: [] },
    record: {
      ...record,
      action: 'return',
      who: EMAIL,
      endings: [{ virtualization: stay, endedBy: 'returned' }],
    },
  });
  const message = { at: now, durationMs: 2_000, reason: 'busy', heard: false, deletedAt: null } as const;
  const mailboxes = storage.mailboxes(organization);
  await mailboxes.insert(
    { ...message, id: recordingId('to-her'), extension: her.id, from: { number: '102', name: 'Ben' } },
    EMAIL,
  );
  server.exchanges.only.mailboxes.messages = [];
  await call(`PUT /api/extensions/${NUMBER}/secret-code`, { body: { code: '471193' } });
  server.signedOut();
  await call('POST /api/session', { body: { email: EMAIL, password: PASSWORD } });
  await call('POST /api/session/tokens', { body: { name: `Script of ${NAME}`, actions: ['view-records'] } });
  server.signedOut();
  await call('POST /api/session', { body: ADMINISTRATOR });
}

/** What of her is in any file of the data folder. */
function foundIn(folder: string): readonly string[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  return files.flatMap(({ parentPath, name }) => {
    const content = readFileSync(join(parentPath, name));
    return [NAME, NUMBER, EMAIL, 'Wilhelmina'].flatMap((word) =>
      content.includes(word) ? `${name}: ${word}` : [],
    );
  });
}

const listed = async ({ call }: TestServer, text: string) =>
  (await call(`GET /api/personal-data?text=${text}`)).json as readonly HeldPerson[];

test(
  'everything about her is counted, exported without secrets, and erased from every file',
  { timeout: PATIENCE },
  async () => {
    const known = await start();
    await fill(known);
    const { server, storage, call, her, ben, organization } = known;
    const [person, ...others] = await listed(server, 'Wilhelmina');
    expect([person?.id, person?.number, person?.emails, others]).toEqual([her.id, NUMBER, [EMAIL], []]);
    const today = new Date(systemWorld.clock.now()).toISOString().slice(0, 10);
    const report = async () => {
      const { total, days, rows } = (await call(`GET /api/reports?from=${today}&until=${today}`))
        .json as Report;
      return { total, days, figures: rows.map(({ figures }) => figures) };
    };
    const before = await report();

    const { held } = (await call(`GET /api/personal-data/${her.id}`)).json as HeldOf;
    expect(held).toMatchObject({
      calls: 2,
      stays: 1,
      messages: 1,
      phones: 1,
      accounts: 1,
      sessions: 1,
      tokens: 1,
    });
    expect(held.auditEntries).toBeGreaterThan(4);
    expect(foundIn(server.folder).length).toBeGreaterThan(3);

    const erasure = `POST /api/personal-data/${her.id}/erasure`;
    expect(await server.refusal(erasure, { body: { confirm: '102' } })).toBe('400 invalid-request');
    expect((await call(erasure, { body: { confirm: NUMBER } })).json).toMatchObject({ id: her.id });
    await server.erasures.settled();
    expect(server.journal.filter((line) => line.startsWith('erasure-failed'))).toEqual([]);

    expect(await report()).toEqual(before);
    expect(foundIn(server.folder)).toEqual([]);
    expect(await listed(server, '')).toEqual([
      expect.objectContaining({ number: '102' }),
      expect.objectContaining({ number: null }),
    ]);
    expect(await server.refusal(`GET /api/personal-data/${her.id}`)).toBe('404 not-found');
    expect(await storage.people.byEmail(EMAIL)).toEqual([]);
    const { records } = (await call('GET /api/records')).json as CallPage;
    expect(records.map(({ id, dialled }) => [id, dialled])).toEqual([
      ['moved', '*30'],
      ['missed', ''],
      ['made', '102'],
    ]);
    expect(records[2]?.caller).toEqual({ ...party(her), number: '', name: ERASED });
    expect(records[2]?.callee).toMatchObject({ number: '102', name: 'Ben' });
    expect(server.extensionOf('102')).toMatchObject({ callBack: null, voicemailMail: null, name: ben.name });
    expect(server.extensionOf('102').forwards).toEqual({ ...NO_FORWARDS, busy: '201' });
    const { entries } = (await call('GET /api/audit')).json as AuditPage;
    expect(entries.find(({ action }) => action === ERASURE_DEED)).toMatchObject({
      who: 'Perch',
      about: null,
      result: 'done',
    });
    expect(entries.find(({ action }) => action === 'erasePerson')).toMatchObject({ about: null });
    expect(await server.management.audit.check(organization)).toMatchObject({ brokenAt: null });
  },
);

test(
  'an archive has everything, secrets never, and the sound of voicemail only where it is one’s own',
  { timeout: PATIENCE },
  async () => {
    const known = await start();
    await fill(known);
    const { server, call, her } = known;
    const archive = async (path: string) => {
      const { rawPayload, headers } = await server.http.app.inject({
        url: path,
        headers: { cookie: server.cookie() },
      });
      expect(headers['content-type']).toBe('application/zip');
      const files = unzip(rawPayload);
      const rows = (name: string) =>
        JSON.parse(files.get(`${name}.json`)?.toString() ?? 'null') as readonly Record<string, unknown>[];
      return { names: [...files.keys()], rows, text: [...files.values()].join('\n') };
    };
    const given = await archive(`/api/personal-data/${her.id}/archive`);
    expect(given.rows('extension')).toEqual([
      expect.objectContaining({ number: NUMBER, name: NAME, groupName: 'Sales', suspended: false }),
    ]);
    expect(given.rows('extension')).toEqual([
      expect.objectContaining({ doNotDisturb: true, forwards: expect.objectContaining({ busy: '102' }) }),
    ]);
    expect(given.rows('accounts')).toEqual([expect.objectContaining({ email: EMAIL, roles: ['owner'] })]);
    expect(given.rows('stays')).toEqual([
      expect.objectContaining({ deskName: 'Front desk', since: expect.stringMatching(/^20.*Z$/) }),
    ]);
    expect(
      given
        .rows('calls')
        .map(({ id }) => id)
        .sort(),
    ).toEqual(['made', 'missed']);
    expect(given.rows('calls').find(({ id }) => id === 'missed')).toMatchObject({
      caller: { number: 'anonymous', name: '', extension: null },
    });
    expect(given.rows('moves')).toHaveLength(2);
    expect(given.rows('audit').length).toBeGreaterThan(4);
    expect(given.rows('tokens')).toEqual([expect.objectContaining({ actions: ['view-records'] })]);
    expect([
      given.rows('phones').length,
      given.rows('sessions').length,
      given.rows('messages').length,
    ]).toEqual([1, 1, 1]);
    expect(given.names).not.toContain('voicemail/message-to-her.opus');
    expect(given.text).not.toMatch(/\$argon2|ha1|471193|"hash"/);
    expect(given.text).toContain('only the owner of a mailbox may hear it');

    server.signedOut();
    await call('POST /api/session', { body: { email: EMAIL, password: PASSWORD } });
    const own = await archive('/api/session/personal-data');
    expect(own.names).toContain('voicemail/message-to-her.opus');
    expect(own.rows('calls')).toEqual(given.rows('calls'));
    expect(await server.refusal(`GET /api/personal-data/${her.id}/archive`)).toBe('403 forbidden');
  },
);

/** Erasures of that server, with what is different for a test. */
function erasuresOf({ storage, management }: TestServer, given: Partial<ErasurePorts> = {}) {
  const clock = new VirtualClock(systemWorld.clock.now());
  const failed: string[] = [];
  const ports: ErasurePorts = {
    store: storage.erasures,
    ...closing(management),
    deleteSound: async () => undefined,
    failed: (error) => void failed.push(String(error)),
    ...given,
  };
  return { erasures: new Erasures(ports, clock), clock, failed };
}

test(
  'a call that is under way goes on: the erasure waits for its record, over a restart, too',
  { timeout: PATIENCE },
  async () => {
    const known = await start();
    const { server, storage, her, ben, organization } = known;
    server.exchanges.only.inCall = true;
    const person = await storage.erasures.of(organization).person(her.id);
    if (!person) throw new Error('nothing is held about her');
    const before = erasuresOf(server);
    await before.erasures.begin(organization, person);
    await expect.poll(() => server.management.extensions.byId(her.id), { timeout: 20_000 }).toBeUndefined();
    await before.clock.advance(60_000);
    expect(await storage.erasures.pending()).toMatchObject([{ person: { id: her.id } }]);
    await before.erasures.close();

    const now = systemWorld.clock.now() - 10;
    await storage
      .calls(organization)
      .finish(
        aCall('long', { startedAt: now, caller: party(her), callee: party(ben), legs: [], attempts: [] }),
      );
    server.exchanges.only.inCall = false;
    const after = erasuresOf(server);
    await after.erasures.start();
    let isOver = false;
    void after.erasures.settled().then(() => (isOver = true));
    await expect.poll(async () => (await after.clock.advance(5_000), isOver), { timeout: 20_000 }).toBe(true);
    expect(await storage.erasures.pending()).toEqual([]);
    expect(foundIn(server.folder)).toEqual([]);
  },
);

test(
  'it can be killed at any step: after a restart it goes on, and nothing is done twice',
  { timeout: PATIENCE },
  async () => {
    const known = await start();
    await fill(known);
    const { server, storage, her, organization } = known;
    const person = await storage.erasures.of(organization).person(her.id);
    if (!person) throw new Error('nothing is held about her');
    let steps = 0;
    /** Fails in the step of that number, for good. */
    const failingAt = (step: number): Partial<ErasurePorts> => ({
      store: {
        ...{
          pending: () => storage.erasures.pending(),
          begin: (erasure) => storage.erasures.begin(erasure),
          clean: () => storage.erasures.clean(),
          isToBeCleaned: () => storage.erasures.isToBeCleaned(),
        },
        of: (of) => {
          const store = storage.erasures.of(of);
          const whole = store.scrub.bind(store);
          const scrub = async function* () {
            for await (const done of whole(person)) {
              if (steps++ === step) throw new Error('killed');
              yield done;
            }
          };
          return Object.assign(store, { scrub });
        },
      },
    });
    for (let step = 0; step < 6; step++) {
      steps = 0;
      const { erasures, clock, failed } = erasuresOf(server, failingAt(step));
      if (step === 0) await erasures.begin(organization, person);
      else await erasures.start();
      await expect
        .poll(async () => (await clock.advance(20), failed), { timeout: 20_000 })
        .toEqual(['Error: killed']);
      await erasures.close();
    }
    const { erasures, clock, failed } = erasuresOf(server);
    await erasures.start();
    let isOver = false;
    void erasures.settled().then(() => (isOver = true));
    await expect.poll(async () => (await clock.advance(20), isOver), { timeout: 20_000 }).toBe(true);
    expect([failed, foundIn(server.folder)]).toEqual([[], []]);
    expect(await server.management.audit.check(organization)).toMatchObject({ brokenAt: null });
    const { entries } = (await server.call('GET /api/audit')).json as AuditPage;
    expect(entries.filter(({ action }) => action === ERASURE_DEED)).toHaveLength(1);
  },
);

test(
  'somebody else who has the same address in another organization is left alone',
  { timeout: PATIENCE },
  async () => {
    const { storage, her, organization } = await start();
    const domain = 'other.test';
    await storage.organizations.create({ ...other, domain }, { ...administrator, email: EMAIL });
    const webhook = {
      ...{ name: 'CRM', url: 'https://crm.example.org/hook', events: [], secret: Buffer.from('s') },
      ...{ oldSecret: null, madeAt: 0, madeBy: EMAIL, off: null, failingSince: null },
    };
    for (const each of [organization, other.id])
      await storage.webhooks.insert({ ...webhook, id: `w-${each}`, organization: each });
    const held = storage.erasures.of(organization);
    const person = await held.person(her.id);
    if (!person) throw new Error('nothing is held about her');
    for await (const _ of held.scrub(person));
    const makers = async (of: typeof organization) =>
      (await storage.webhooks.of(of)).map(({ madeBy }) => madeBy);
    expect([await makers(organization), await makers(other.id)]).toEqual([[ERASED], [EMAIL]]);
  },
);
