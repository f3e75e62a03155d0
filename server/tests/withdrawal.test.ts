import { afterEach, beforeAll, expect, test } from 'vitest';
import { Administrator } from './support/administrator.ts';
import { connectCall } from './support/call.ts';
import { stage } from './support/fixtures.ts';
import { PageClient } from './support/page-client.ts';
import * as sip from './support/sip-message.ts';

const on = stage();
let administrator: Administrator;
beforeAll(async () => {
  administrator = await Administrator.signIn(on.server.organization);
});
afterEach(async () => {
  for (const number of ['101', '102', '103']) await administrator.suspend(number, false);
});

test('suspending closes the flow of a phone that is in no call; it is admitted again when the suspension ends', async () => {
  const ada = await on.register('101');
  await administrator.suspend('101', true);
  expect(await ada.closed).toEqual({ code: 4403, reason: 'This extension is suspended' });
  const again = await on.connect('101', ada.identity);
  expect(sip.status(await again.register())).toBe(403);
  await administrator.suspend('101', false);
  expect(sip.status(await (await on.connect('101', ada.identity)).register())).toBe(200);
});

test('suspending closes the pages of the extension, and revoking a browser its page', async () => {
  const link = async () => {
    const made = await administrator.ask('POST /api/extensions/103/enrolments', {});
    return (made as { url: string }).url;
  };
  const revoked = await PageClient.open(await link());
  const { browsers } = (await administrator.ask('GET /api/extensions/103/enrolments')) as {
    browsers: { id: string; madeAt: number }[];
  };
  const [browser] = browsers.toSorted((one, other) => other.madeAt - one.madeAt);
  const other = await PageClient.open(await link());
  await administrator.ask(`DELETE /api/extensions/103/browsers/${browser?.id}`);
  expect(await revoked.closed).toBe(4401);
  await administrator.suspend('103', true);
  expect(await other.closed).toBe(4403);
});

test('a call goes on when one side is suspended, and its BYE arrives; nothing else is accepted', async () => {
  const [ada, ben] = [await on.register('101'), await on.register('102')];
  const [dialog] = await connectCall(ada, ben);
  await administrator.suspend('101', true);
  expect(sip.status(await ada.register())).toBe(403);
  expect(sip.status(await ada.transact('INVITE', ada.address('103')))).toBe(403);
  const reOffer = dialog.request('UPDATE');
  expect(sip.status(await reOffer)).toBe(200);
  expect(sip.status(await dialog.request('BYE'))).toBe(200);
  ben.respond(await ben.request('BYE'), '200 OK');
  expect(await ada.closed).toEqual({ code: 4403, reason: 'This extension is suspended' });
});

test('another SIP password ends the phones that used the one before', async () => {
  const ada = await on.register('104');
  await administrator.ask('POST /api/extensions/104/sip-credentials');
  expect(await ada.closed).toEqual({ code: 4403, reason: 'The SIP password was replaced' });
});
