import { expect, test } from 'vitest';
import { answer, Call } from './support/call.ts';
import { stage } from './support/fixtures.ts';
import { PageClient } from './support/page-client.ts';
import type { SipClient } from './support/sip-client.ts';
import * as sip from './support/sip-message.ts';

const on = stage();

/** What the page of that extension asks for; the status of the answer. */
async function ask(number: string, path: string, body: object): Promise<number> {
  const { url } = on.server.line(number);
  const page = await PageClient.open(url);
  const response = await fetch(`${new URL(url).origin}/api/terminal/${path}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${page.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  page.close();
  return response.status;
}

/** Dials a code, hears what the server says, and is hung up. */
async function dial(phone: SipClient, code: string): Promise<void> {
  await new Call(phone, code).answered();
  phone.respond(await phone.request('BYE'), '200 OK');
}

async function reachesMailbox(caller: SipClient, callee: SipClient, number: string): Promise<void> {
  await new Call(caller, number).reachedMailbox();
  expect(callee.unread('INVITE')).toEqual([]);
}

test(
  'do not disturb is switched by page and by telephone, and outlasts the server',
  { timeout: 40_000 },
  async () => {
    const [ada, ben] = [await on.register('101'), await on.register('102')];
    expect(await ask('102', 'do-not-disturb', { of: '102', on: true })).toBe(204);
    await reachesMailbox(ada, ben, '102');
    await on.server.kill();
    await on.server.startAgain();
    const [caller, callee] = [await on.register('101', ada.identity), await on.register('102', ben.identity)];
    await reachesMailbox(caller, callee, '102');
    const page = await PageClient.open(on.server.line('102').url);
    await dial(callee, '*79');
    await page.next('that it is off', ({ view }) => view?.doNotDisturb === false);
    page.close();
    const call = new Call(caller, '102');
    await answer(callee);
    await (await call.answered()).request('BYE');
  },
);

test(
  'forwarding is set by telephone, at a station for its guest, and calls go on from there',
  { timeout: 40_000 },
  async () => {
    const [ben, desk] = [await on.register('102'), await on.register('201')];
    const page = await PageClient.open(on.server.line('102').url);
    const first = await new Call(ben, '*72103').answered();
    await page.next('that all calls go on', ({ view }) => view?.forwards.always === '103');
    await first.request('BYE');
    const last = await new Call(ben, '*73').answered();
    await page.next('that they no longer do', ({ view }) => view?.forwards.always === null);
    await last.request('BYE');
    page.close();
    const station = await PageClient.open(on.server.line('201').url);
    const visit = await new Call(desk, '*30102').answered();
    for (const digit of `${on.server.line('102').secretCode ?? ''}#`)
      await visit.request('INFO', {
        fields: ['Content-Type: application/dtmf-relay'],
        body: `Signal=${digit}\r\nDuration=100\r\n`,
      });
    await station.next('the guest', ({ view }) => view?.occupancy.kind === 'guest');
    await visit.request('BYE');
    const forward = await new Call(desk, '*72103').answered();
    await station.next('that the calls of the guest go on', ({ view }) => view?.forwards.always === '103');
    await forward.request('BYE');
    const [ada, chloe] = [await on.register('101'), await on.register('103')];
    const call = new Call(ada, '102');
    const invite = await chloe.request('INVITE');
    expect(sip.field(invite, 'Diversion')).toContain('sip:102@');
    chloe.respond(invite, '603 Decline', { toTag: 'c' });
    expect(sip.status(await call.refused())).toBe(603);
    const end = await new Call(desk, '*73').answered();
    await station.next('that they no longer do', ({ view }) => view?.forwards.always === null);
    await end.request('BYE');
    const leaving = await new Call(desk, '*30').answered();
    await station.next('that the guest has left', ({ view }) => view?.occupancy.kind === 'owner');
    await leaving.request('BYE');
    station.close();
  },
);

test('nobody who walks by silences a free desk or sends its calls away, by page or by telephone', async () => {
  expect(await ask('201', 'do-not-disturb', { of: '201', on: true })).toBe(409);
  const [ada, desk] = [await on.register('101'), await on.register('201')];
  const page = await PageClient.open(on.server.line('201').url);
  await Promise.all(['*78', '*72103'].map((code) => dial(desk, code)));
  const call = new Call(ada, '201');
  await page.next('that it rings', ({ calls }) => calls?.length === 1);
  const told = page.told.join();
  expect(told).toContain('"doNotDisturb":false');
  expect(told).not.toMatch(/"doNotDisturb":true|"always":"103"/);
  await answer(desk);
  await (await call.answered()).request('BYE');
  page.close();
});

test('a request that was meant for another person silences nobody', async () => {
  const [ada, ben] = [await on.register('101'), await on.register('102')];
  expect(await ask('102', 'do-not-disturb', { of: '101', on: true })).toBe(409);
  const call = new Call(ada, '102');
  await answer(ben);
  await (await call.answered()).request('BYE');
});

test('calls go on, and the phone where they ring is told the way', async () => {
  const [ada, , charlie] = [await on.register('101'), await on.register('102'), await on.register('103')];
  const forwards = { always: '103', busy: null, unanswered: null, unreachable: null };
  expect(await ask('102', 'forwards', { of: '102', forwards: { ...forwards, always: '102' } })).toBe(409);
  expect(await ask('102', 'forwards', { of: '102', forwards: { ...forwards, always: '112' } })).toBe(409);
  expect(await ask('102', 'forwards', { of: '102', forwards: { ...forwards, always: '999' } })).toBe(409);
  expect(await ask('102', 'forwards', { of: '102', forwards })).toBe(204);
  const call = new Call(ada, '102');
  const invite = await charlie.request('INVITE');
  expect(sip.field(invite, 'Diversion')).toContain('sip:102@');
  expect(sip.all(invite, 'History-Info')).toHaveLength(2);
  charlie.respond(invite, '603 Decline', { toTag: 'c' });
  expect(sip.status(await call.refused())).toBe(603);
  expect(await ask('102', 'forwards', { of: '102', forwards: { ...forwards, always: null } })).toBe(204);
});
