import { expect, test } from 'vitest';
import { Call, answer } from './support/call.ts';
import { stage } from './support/fixtures.ts';
import { SipClient } from './support/sip-client.ts';
import * as sip from './support/sip-message.ts';

const on = stage();

test.for(['MD5', 'SHA-256'] as const)('a phone registers with %s', async (algorithm) => {
  const phone = await on.connect('101');
  const response = await phone.register({ algorithm });
  expect(response.startLine).toBe('SIP/2.0 200 OK');
  const contact = sip.all(response, 'Contact').find((value) => value.includes(phone.identity.host)) ?? '';
  expect(contact).toContain(`+sip.instance="<urn:uuid:${phone.identity.instance}>"`);
  expect(contact).toContain('reg-id=1');
  expect(contact).toMatch(/;expires=\d+/);
});

test('a browser is offered SHA-256 before MD5: JsSIP takes the last of several challenges', async () => {
  const phone = await on.connect('101');
  const challenge = await phone.transact('REGISTER', `sip:${phone.domain}`, { to: `<${phone.address()}>` });
  expect(sip.status(challenge)).toBe(401);
  const algorithms = sip
    .all(challenge, 'WWW-Authenticate')
    .map((value) => /algorithm=([\w-]+)/.exec(value)?.[1]);
  expect(algorithms).toEqual(['SHA-256', 'MD5']);
});

test('a native client that knows host and port only registers, and routes by the dialog alone', async () => {
  const { organization } = on.server;
  const server = new URL('/', organization.sip.url);
  const native = await SipClient.connect(
    { sip: { ...organization.sip, url: server.href } },
    on.server.line('101'),
    {
      host: '127.0.0.1:51342',
      contact: '<sip:101@127.0.0.1:51342;transport=ws>',
      instance: crypto.randomUUID(),
    },
  );
  const challenge = await native.transact('REGISTER', `sip:${native.domain}`, {
    to: `<${native.address()}>`,
  });
  expect(sip.field(challenge, 'WWW-Authenticate')).toContain('algorithm=MD5');
  expect(sip.status(await native.register())).toBe(200);

  const ben = await on.register('102');
  const calling = new Call(native, '102');
  const called = await answer(ben);
  const dialog = await calling.answered();
  expect(dialog.target).toBe(`sip:perch@${server.host};transport=ws`);
  expect(called.target).toBe(dialog.target);
  await dialog.request('BYE');
  await ben.request('BYE');
  await native.leave();
});

test('a wrong password is refused', async () => {
  const phone = await on.connect('101');
  const uri = `sip:${phone.domain}`;
  const to = `<${phone.address()}>`;
  const challenge = await phone.transact('REGISTER', uri, { to });
  const authorization = phone.credentials(challenge, 'REGISTER', uri, 'MD5', 'a guess');
  expect(sip.status(await phone.transact('REGISTER', uri, { to, fields: [authorization] }))).toBe(403);
});

test("a third party's registration is refused (RFC 3261 §10.3)", async () => {
  const phone = await on.register('101');
  const response = await phone.transact('REGISTER', `sip:${phone.domain}`, {
    to: `<${phone.address('102')}>`,
    contact: `${phone.identity.contact};expires=600`,
  });
  expect(sip.status(response)).toBe(403);
});

test('Contact: * with an Expires other than 0 is a bad request', async () => {
  const phone = await on.register('101');
  const response = await phone.transact('REGISTER', `sip:${phone.domain}`, {
    to: `<${phone.address()}>`,
    contact: '*',
    fields: ['Expires: 60'],
  });
  expect(sip.status(response)).toBe(400);
});

test('a phone that comes back on another connection is rung there and nowhere else (RFC 5626 §5.3)', async () => {
  const before = await on.register('102');
  const after = await on.register('102', before.identity);
  const caller = await on.register('101');
  const call = new Call(caller, '102');
  const dialog = await answer(after);
  await call.answered();
  expect(before.unread('INVITE')).toEqual([]);
  await dialog.request('BYE');
});

test('the death of a replaced connection takes nothing from the new one', async () => {
  const before = await on.register('103');
  const after = await on.register('103', before.identity);
  before.close();
  await before.closed;
  const caller = await on.register('101');
  const call = new Call(caller, '103');
  const dialog = await answer(after);
  await call.answered();
  await dialog.request('BYE');
});

test('a phone that has unregistered is not rung', async () => {
  const [staying, leaving] = [await on.register('104'), await on.register('104')];
  expect(sip.status(await leaving.register({ expires: 0 }))).toBe(200);
  const call = new Call(await on.register('101'), '104');
  const dialog = await answer(staying);
  await call.answered();
  expect(leaving.unread('INVITE')).toEqual([]);
  await dialog.request('BYE');
});
