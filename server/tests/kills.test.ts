import { type CallPage, type ExtensionView, GUESSING_WINDOW_MS, WRONG_PER_EXTENSION } from '@perch/shared';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { type Figures, tableOf, writeFigures } from '../figures/figures.ts';
import { Administrator } from './support/administrator.ts';
import { answer, Call, connectCall, Dialog, dialogOf } from './support/call.ts';
import { stage } from './support/fixtures.ts';
import { sdp } from './support/sdp.ts';
import { PageClient } from './support/page-client.ts';
import { SipClient } from './support/sip-client.ts';
import * as sip from './support/sip-message.ts';
import { leaveMessage } from './support/spoken-message.ts';

/**
 * `npm test` kills a few times; `PERCH_TEST_KILLS=200 npm run test:integration -- kills` as often as that, and `PERCH_TEST_FIGURES=yes`
 * writes what was counted into docs/reliability.md.
 */
const KILLS = Number(process.env['PERCH_TEST_KILLS'] ?? 3);
/** Each of these calls the next one over and over, from before a kill until it comes. */
const BUSY = ['301', '302', '303', '304', '305', '306'];
const LONGEST_TALK_MS = 40;
/** Longer than what is between a kill and the next look. */
const MARGIN_MS = 30_000;
/** Records that are looked at: those of the latest calls. */
const MOST_RECORDS = 600;
/** The server dies at any time within that. */
const LIFE_MS = 300;

const on = stage();
type Phones = Readonly<Record<'ada' | 'ben' | 'chloe' | 'station', SipClient>>;
const NUMBERS = { ada: '101', ben: '102', chloe: '103', station: '201' } as const;

async function connected(known?: Phones): Promise<Phones> {
  const open = (who: keyof Phones): Promise<SipClient> => on.register(NUMBERS[who], known?.[who].identity);
  const [ada, ben, chloe, station] = [
    await open('ada'),
    await open('ben'),
    await open('chloe'),
    await open('station'),
  ];
  return { ada, ben, chloe, station };
}

/** The same dialog over the new connection of its phone. */
const resumed = (client: SipClient, { callId, local, remote, target }: Dialog): Dialog =>
  new Dialog(client, { callId, local, remote, target, sequence: 100 });

/** Calls that come and go until the server dies. */
async function load(): Promise<void> {
  const phones = await Promise.all(
    BUSY.map(async (number) => {
      const account = await accountOf(number);
      return SipClient.registered(on.server.organization, account);
    }),
  );
  const callOver = async (caller: SipClient, callee: SipClient): Promise<void> => {
    for (;;) {
      const [ours] = await connectCall(caller, callee);
      await pause(Math.random() * LONGEST_TALK_MS);
      const [, bye] = await Promise.all([ours.request('BYE'), callee.request('BYE')]);
      callee.respond(bye, '200 OK');
    }
  };
  for (const [index, caller] of phones.entries()) {
    const callee = phones[index + 1];
    // Until the server is gone, which each of them notices in its own way.
    if (index % 2 === 0 && callee) callOver(caller, callee).catch(() => undefined);
  }
  void phones[0]?.closed.then(() => {
    for (const phone of phones) phone.close();
  });
}

const accounts = new Map<string, ReturnType<typeof on.server.addExtension>>();
function accountOf(number: string): ReturnType<typeof on.server.addExtension> {
  const account = accounts.get(number) ?? on.server.addExtension(number, `Busy ${number}`);
  accounts.set(number, account);
  return account;
}

/** What has to be as it was. */
async function kept() {
  const administrator = await Administrator.signIn(on.server.organization);
  const ids: string[] = [];
  for (let after = ''; ids.length < MOST_RECORDS;) {
    const page = (await administrator.ask(`GET /api/records?size=200${after}`)) as CallPage;
    ids.push(...page.records.map(({ id }) => id));
    if (page.next === null) break;
    after = `&after=${page.next}`;
  }
  const views = [];
  const guessing: { number: string; at: number; until: number }[] = [];
  for (const number of ['101', '102', '103', '104', '201', '202']) {
    const view = (await administrator.ask(`GET /api/extensions/${number}`)) as ExtensionView;
    const { wrongAt, lockedUntil } = view.guessing;
    guessing.push(...wrongAt.map((at) => ({ number, at, until: at + GUESSING_WINDOW_MS })));
    if (lockedUntil !== null) guessing.push({ number, at: lockedUntil, until: lockedUntil });
    views.push([number, ...STATES.map((state) => view[state])]);
  }
  return { ids, views, guessing };
}
const STATES = ['whereabouts', 'occupancy', 'voicemail'] as const;

/** 101 moves to the station, or back. @returns where it is then. */
async function move({ station }: Phones, page: PageClient, isAway: boolean): Promise<boolean> {
  const dialog = await new Call(station, isAway ? '*30' : '*30101').answered();
  if (!isAway) await press(dialog, `${on.server.line('101').secretCode ?? ''}#`);
  expect(await page.outcome()).toBe(isAway ? 'returned' : 'accepted');
  await dialog.request('BYE');
  return !isAway;
}

async function hold(by: Dialog, other: Dialog): Promise<void> {
  const branch = by.start('INVITE', { body: sdp('1').replace('sendrecv', 'sendonly'), sequence: 101 });
  const invite = await other.client.request('INVITE');
  other.client.respond(invite, '200 OK', { body: sdp('2').replace('sendrecv', 'recvonly') });
  expect(sip.status(await by.client.response(branch, 200))).toBe(200);
  by.acknowledge(101);
  await other.client.request('ACK');
}

async function hangUp(by: Dialog, other: Dialog): Promise<void> {
  expect(sip.status(await by.request('BYE', { sequence: 110 }))).toBe(200);
  const bye = await other.client.request('BYE');
  expect(sip.field(bye, 'Call-ID')).toBe(other.callId);
  other.client.respond(bye, '200 OK');
}

/** The other one is sent on to 101, which answers where it is. */
async function transfer(by: Dialog, other: Dialog, target: SipClient): Promise<void> {
  const refer = by.start('REFER', { fields: [`Refer-To: <${by.client.address('101')}>`], sequence: 102 });
  expect(sip.status(await by.client.response(refer, 200))).toBe(202);
  other.client.onInvite = (invite) => other.client.respond(invite, '200 OK', { body: sdp('2') });
  const invite = await target.request('INVITE');
  target.onInvite = (again) => target.respond(again, '200 OK', { body: sdp('3') });
  target.respond(invite, '200 OK', { toTag: 'target', body: sdp('3') });
  await target.request('ACK');
  for (let outcome = 0; outcome !== 200;) {
    const notify = await by.client.request('NOTIFY');
    by.client.respond(notify, '200 OK');
    outcome = Number(notify.body.slice(8, 11));
  }
  by.client.respond(await by.client.request('BYE'), '200 OK');
  await hangUp(dialogOf(target, invite, 'target'), other);
  target.onInvite = undefined;
  other.client.onInvite = undefined;
}

/** So many wrong codes for that extension that it is locked. */
async function lock(number: string): Promise<void> {
  const station = await on.register('202');
  for (let codes = 0; codes < WRONG_PER_EXTENSION; codes++) {
    const dialog = await new Call(station, `*30${number}`).answered();
    await press(dialog, '0000#');
    await dialog.request('BYE');
  }
  const administrator = await Administrator.signIn(on.server.organization);
  const { guessing } = (await administrator.ask(`GET /api/extensions/${number}`)) as ExtensionView;
  expect(guessing.lockedUntil).toBeGreaterThan(Date.now());
}

async function press(dialog: Dialog, signals: string): Promise<void> {
  for (const signal of signals)
    await dialog.request('INFO', {
      fields: ['Content-Type: application/dtmf-relay'],
      body: `Signal=${signal}\r\nDuration=100\r\n`,
    });
}

/** What was done, and found as it had to be; `startedAt` on the monotonic clock (milliseconds). */
const figuresOf = (counted: Readonly<Record<string, number>>, startedAt: number): Figures => ({
  name: 'kills',
  command: `PERCH_TEST_KILLS=${String(KILLS)} PERCH_TEST_FIGURES=yes npm run test:integration -- kills`,
  body: tableOf([
    ['what', 'how often'],
    [`kills, in ${String(Math.round((performance.now() - startedAt) / 1000))} s`, KILLS],
    ...Object.entries(counted),
  ]),
});

test(
  `killed ${String(KILLS)} times under load: moves, locks, messages and records are as they were, and calls go on`,
  { timeout: 60_000 + KILLS * 20_000 },
  async () => {
    let phones = await connected();
    let isAway = false;
    let messages = 0;
    const startedAt = performance.now();
    const counted = {
      'moves and returns that stood': 0,
      'records looked for': 0,
      'calls held afterwards': 0,
      'calls sent on afterwards': 0,
      'calls hung up afterwards': 0,
    };
    await lock('102');

    for (let kill = 0; kill < KILLS; kill++) {
      await load();
      const page = await PageClient.open(on.server.line('201').url);
      if (kill % 3 === 0) {
        isAway = await move(phones, page, isAway);
        counted['moves and returns that stood'] += 1;
      }
      if (kill % 25 === 1) {
        await leaveMessage(phones.ben, '104', 440);
        messages += 1;
      }
      const [caller, callee] = await connectCall(phones.ben, phones.chloe);
      const before = await kept();
      await pause(Math.random() * LIFE_MS);
      await on.server.kill();
      page.close();
      await on.server.startAgain();
      phones = await connected(phones);

      const after = await kept();
      expect(after.views).toEqual(before.views);
      // Wrong codes and locks end by themselves.
      const lasting = before.guessing.filter(({ until }) => until > Date.now() + MARGIN_MS);
      expect(after.guessing).toEqual(expect.arrayContaining(lasting));
      expect(after.ids).toEqual(expect.arrayContaining(before.ids.slice(0, MOST_RECORDS / 2)));
      expect(new Set(after.ids).size).toBe(after.ids.length);
      const mailbox = await PageClient.open(on.server.line('104').url);
      const left = (await mailbox.ask('GET /api/terminal/voicemail')).json as { messages: object[] };
      expect(left.messages).toHaveLength(messages);
      mailbox.close();

      const [by, other] = [resumed(phones.ben, caller), resumed(phones.chloe, callee)];
      counted['records looked for'] += Math.min(before.ids.length, MOST_RECORDS / 2);
      if (kill % 2 === 0) {
        await hold(by, other);
        counted['calls held afterwards'] += 1;
      }
      counted[kill % 3 === 2 ? 'calls sent on afterwards' : 'calls hung up afterwards'] += 1;
      if (kill % 3 === 2) await transfer(by, other, isAway ? phones.station : phones.ada);
      else if (kill % 4 < 2) await hangUp(by, other);
      else await hangUp(other, by);
      const ringing = new Call(phones.ben, '101');
      const [theirs] = await Promise.all([answer(isAway ? phones.station : phones.ada), ringing.answered()]);
      await theirs.request('BYE');
      phones.ben.respond(await phones.ben.request('BYE'), '200 OK');
    }
    if (process.env['PERCH_TEST_FIGURES'] === 'yes')
      await writeFigures(figuresOf({ ...counted, 'messages kept': messages }, startedAt));
  },
);
