import type { HistoryPage } from '@perch/shared';
import { expect, test } from 'vitest';
import { answer, Call } from './support/call.ts';
import { stage } from './support/fixtures.ts';
import { PageClient } from './support/page-client.ts';
import type { SipClient } from './support/sip-client.ts';
import * as sip from './support/sip-message.ts';

const on = stage();

async function follower(number: string): Promise<PageClient> {
  const page = await PageClient.open(on.server.line(number).url);
  page.say({ subscribe: 'own' });
  return page;
}

/** What the page is told next of what the person there has of their own, once that is so. */
const told = (page: PageClient, what: string, wants: (missed: number) => boolean = () => true) =>
  page.next(
    what,
    ({ topic, kind, lines }) =>
      topic === 'own' && kind !== 'withheld' && lines?.some(({ missed = 0 }) => wants(missed)) === true,
  );
const withheld = (page: PageClient) =>
  page.next('that it is withheld', ({ topic, kind }) => topic === 'own' && kind === 'withheld');

const history = async (page: PageClient): Promise<HistoryPage> =>
  (await page.ask('GET /api/terminal/history')).json as HistoryPage;
const shortly = ({ calls }: HistoryPage) =>
  calls.map((call) => [call.direction, call.result, call.with.number, call.desk?.number, call.returned]);

/** Rings, and gives up. */
async function miss(caller: SipClient, dialled: string, callee: SipClient, fields: string[] = []) {
  const call = new Call(caller, dialled, { fields });
  const invite = await callee.request('INVITE');
  callee.respond(invite, '180 Ringing', { toTag: 'missed' });
  await call.response(180);
  call.cancel();
  callee.respond(await callee.request('CANCEL'), '200 OK');
  callee.respond(invite, '487 Request Terminated', { toTag: 'missed' });
  await call.response(487);
}

async function talk(caller: SipClient, dialled: string, callee: SipClient): Promise<void> {
  const call = new Call(caller, dialled);
  const [, dialog] = await Promise.all([answer(callee), call.answered()]);
  await dialog.request('BYE');
  callee.respond(await callee.request('BYE'), '200 OK');
}

/** Dials the Center; `page` is one of that phone, which is told how it went. */
async function visitCenter(station: SipClient, page: PageClient, dialled: string, code = ''): Promise<void> {
  const dialog = await new Call(station, dialled).answered();
  for (const signal of code === '' ? '' : `${code}#`)
    await dialog.request('INFO', {
      fields: ['Content-Type: application/dtmf-relay'],
      body: `Signal=${signal}\r\nDuration=100\r\n`,
    });
  await page.outcome();
  await dialog.request('BYE');
}

test(
  'the history of an extension is wherever it is, and at no phone where it is not',
  { timeout: 60_000 },
  async () => {
    const [ada, ben, station] = [
      await on.register('101'),
      await on.register('102'),
      await on.register('201'),
    ];
    const [home, desk] = [await follower('101'), await follower('201')];
    const watch = await PageClient.open(on.server.line('201').url);
    await told(home, 'that nothing is missed', (missed) => missed === 0);
    await withheld(desk);

    await miss(ben, '101', ada);
    await told(home, 'of a missed call', (missed) => missed === 1);
    expect(shortly(await history(home))).toEqual([['in', 'missed', '102', '101', false]]);

    await visitCenter(station, watch, '*30101', on.server.line('101').secretCode ?? '');
    await withheld(home);
    await told(desk, 'of the call that the guest has missed', (missed) => missed === 1);
    expect(await home.ask('GET /api/terminal/history')).toMatchObject({ status: 409 });
    await talk(station, '102', ben);
    await told(desk, 'that the call was returned', (missed) => missed === 0);
    expect(shortly(await history(desk))).toEqual([
      ['out', 'answered', '102', '201', false],
      ['in', 'missed', '102', '101', true],
    ]);
    // What it had of its own before is no guest's.
    const favoured = await desk.ask('PUT /api/terminal/favourites/104', { of: '101', favourite: true });
    expect(favoured.status).toBe(204);
    await desk.next('of the favourite', ({ lines }) => lines?.[0]?.favourites?.includes('104') === true);

    const before = desk.told.length;
    await visitCenter(station, watch, '*30');
    await withheld(desk);
    expect(await desk.ask('GET /api/terminal/history')).toMatchObject({ status: 409 });
    expect(await desk.ask('PUT /api/terminal/history/seen', { of: '101', until: 1 })).toMatchObject({
      status: 409,
    });
    await talk(station, '102', ben);
    const since = desk.told.slice(before).join('\n');
    expect(since).not.toContain('favourites');
    expect(await told(home, 'of its own again')).toMatchObject({
      lines: [{ number: '101', favourites: ['104'] }],
    });
    expect(shortly(await history(home))).toHaveLength(2);

    await visitCenter(station, watch, '*30102', on.server.line('102').secretCode ?? '');
    expect(await told(desk, 'what the next guest has')).toMatchObject({
      lines: [{ number: '102', favourites: [] }],
    });
    const next = await history(desk);
    expect(next.extension).toBe('102');
    expect(next.calls.map((call) => call.with.number)).toEqual(['201', '101', '101']);
    await visitCenter(station, watch, '*30');
    for (const page of [home, desk, watch]) page.close();
  },
);

test('what is answered at one phone of an extension is missed at none, and what is declined is not missed', async () => {
  const [dev, chloe, other] = [await on.register('104'), await on.register('103'), await on.register('103')];
  const page = await follower('103');
  const call = new Call(dev, '103');
  const there = await other.request('INVITE');
  other.respond(there, '180 Ringing', { toTag: 'elsewhere' });
  const [dialog] = await Promise.all([call.answered(), answer(chloe)]);
  other.respond(await other.request('CANCEL'), '200 OK');
  other.respond(there, '487 Request Terminated', { toTag: 'elsewhere' });
  await dialog.request('BYE');
  chloe.respond(await chloe.request('BYE'), '200 OK');
  await page.next('of the call', ({ lines }) => typeof lines?.[0]?.latest === 'string');

  chloe.onInvite = (invite) => chloe.respond(invite, '603 Decline', { toTag: 'declined' });
  const second = new Call(dev, '103');
  await other.request('INVITE');
  expect(sip.status(await second.refused())).toBe(603);
  await expect
    .poll(async () => (await history(page)).calls.map(({ result }) => result))
    .toEqual(['declined', 'answered']);
  expect(page.told.join()).not.toMatch(/"missed":[1-9]/);
  page.close();
});

test('a number that is withheld is withheld in the history, and missed calls count until they are looked at', async () => {
  const [ada, ben] = [await on.register('101'), await on.register('102')];
  const page = await follower('102');
  await miss(ada, '102', ben, ['Privacy: id']);
  await told(page, 'of the missed call', (missed) => missed === 1);
  const [call] = (await history(page)).calls;
  expect(call?.with).toEqual({ number: 'anonymous', name: '' });
  const until = call?.until ?? 0;
  expect(await page.ask('PUT /api/terminal/history/seen', { of: '102', until: until - 1 })).toMatchObject({
    status: 204,
  });
  await miss(ada, '102', ben);
  await told(page, 'of another one', (missed) => missed === 2);
  expect(await page.ask('PUT /api/terminal/history/seen', { of: '102', until })).toMatchObject({
    status: 204,
  });
  await told(page, 'that one was looked at', (missed) => missed === 1);
  const again = await follower('102');
  await told(again, 'the same on another page', (missed) => missed === 1);
  expect(sip.status(await ada.transact('OPTIONS', `sip:${ada.domain}`))).toBe(200);
  for (const each of [page, again]) each.close();
});
