import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { Call, connectCall } from './support/call.ts';
import { stage } from './support/fixtures.ts';
import * as sip from './support/sip-message.ts';

const on = stage();

test.for(['BYE', 'INFO', 'UPDATE', 'REFER'])(
  "%s with another account's dialog is answered 481, and the call goes on",
  async (method) => {
    const [ada, ben, chloe] = [await on.register('101'), await on.register('102'), await on.register('103')];
    const [caller] = await connectCall(ada, ben);
    const stolen = { from: caller.local, to: caller.remote, callId: caller.callId, sequence: 50 };
    const asAda = await chloe.transact(method, caller.target, stolen);
    expect(sip.status(asAda)).toBeOneOf([403, 481]);
    const asHerself = await chloe.transact(method, caller.target, {
      ...stolen,
      from: `<${chloe.address()}>;tag=${sip.tag(caller.local)}`,
    });
    expect(sip.status(asHerself)).toBe(481);
    expect(ben.unread('BYE')).toEqual([]);
    expect(sip.status(await caller.request('BYE'))).toBe(200);
  },
);

test("CANCEL of another account's INVITE is answered 481, and it rings on", async () => {
  const [ada, ben, chloe] = [await on.register('101'), await on.register('102'), await on.register('103')];
  const call = new Call(ada, '102');
  const invite = await ben.request('INVITE');
  ben.respond(invite, '180 Ringing', { toTag: 'x1' });
  await call.response(180);
  const branch = chloe.start('CANCEL', chloe.address('102'), {
    branch: call.branch,
    callId: call.callId,
    from: `<${chloe.address()}>;tag=x`,
    sequence: 1,
  });
  expect(sip.status(await chloe.response(branch, 200))).toBe(481);
  ben.respond(invite, '486 Busy Here', { toTag: 'x1' });
  await ben.request('ACK');
  expect(ben.unread('CANCEL')).toEqual([]);
});

test('a BYE with an old CSeq is answered 500, and the call goes on (RFC 3261 §12.2.2)', async () => {
  const [ada, ben] = [await on.register('101'), await on.register('102')];
  const [caller] = await connectCall(ada, ben);
  expect(sip.status(await caller.request('BYE', { sequence: 0 }))).toBe(500);
  expect(ben.unread('BYE')).toEqual([]);
  expect(sip.status(await caller.request('BYE'))).toBe(200);
});

test('From of another account is refused', async () => {
  const ada = await on.register('101');
  const call = new Call(ada, '102', { from: `<${ada.address('103')}>;tag=liar` });
  expect(sip.status(await call.response(200))).toBe(403);
});

test('a caller is shown with their real identity, whatever they claim', async () => {
  const [ada, ben] = [await on.register('101'), await on.register('102')];
  const call = new Call(ada, '102', {
    from: `"The Boss" <${ada.address()}>;tag=boss`,
    fields: [`P-Asserted-Identity: "The Boss" <${ada.address('999')}>`, `Diversion: <${ada.address('999')}>`],
  });
  const invite = await ben.request('INVITE');
  expect(sip.displayName(sip.field(invite, 'From'))).toBe('Ada');
  expect(JSON.stringify([...invite.fields])).not.toContain('Boss');
  expect(JSON.stringify([...invite.fields])).not.toContain('999@');
  ben.respond(invite, '486 Busy Here', { toTag: 'x2' });
  await call.response(200);
});

test.for<[where: string, dialled: string]>([
  ['in the number dialled', '102%0d%0aX-Injected:%201'],
  ['in the number dialled, quoted', '102%22%3e%0d%0aX-Injected:%201'],
  ['a zero octet in the number dialled', '102%00'],
])('header injection %s reaches no one', async ([, dialled]) => {
  const [ada, ben] = [await on.register('101'), await on.register('102')];
  const call = new Call(ada, dialled);
  expect(sip.status(await call.response(180))).toBeGreaterThanOrEqual(180);
  expect(ben.unread('INVITE')).toEqual([]);
  call.cancel();
});

test.for([
  'INVITE',
  'OPTIONS',
  'SUBSCRIBE',
  'MESSAGE',
  'PUBLISH',
  'NOTIFY',
  'REFER',
  'INFO',
  'BYE',
  'UPDATE',
])('%s without authentication is challenged', async (method) => {
  const stranger = await on.connect('101');
  const response = await stranger.transact(method, stranger.address('102'));
  expect(sip.status(response)).toBe(401);
});

test('a message over 64 KB closes the flow with a reason', async () => {
  const phone = await on.register('101');
  phone.send(`OPTIONS sip:${phone.domain} SIP/2.0\r\nX: ${'a'.repeat(70_000)}\r\n\r\n`);
  expect((await phone.closed).code).toBe(1009);
});

test('more than 100 messages a second from a stranger close the flow with a reason', async () => {
  const stranger = await on.connect('101');
  for (let sent = 0; sent < 150; sent++) stranger.send(`noise ${String(sent)}`);
  const { code, reason } = await stranger.closed;
  expect(code).toBe(1008);
  expect(reason).toMatch(/100 messages/);
});

test('the subprotocol sip is demanded (RFC 7118 §4)', async () => {
  const socket = new WebSocket(on.server.organization.sip.url);
  const refused = await new Promise((resolve) => {
    socket.once('error', () => resolve(true));
    socket.once('open', () => resolve(false));
  });
  expect(refused).toBe(true);
});

test.for<[name: string, frame: string]>([
  ['noise', '\u0000\u0001\u0002'],
  ['half a request', 'INVITE sip:102@demo.perch.test SIP/2.0\r\nVia: SIP/2.0/WS x'],
  ['10,000 headers', `OPTIONS sip:x SIP/2.0\r\n${'A: b\r\n'.repeat(10_000)}\r\n`],
  ['64 KiB of brackets', `OPTIONS sip:x SIP/2.0\r\nTo: ${'<'.repeat(60_000)}\r\n\r\n`],
  ['64 KiB of quotes', `OPTIONS sip:x SIP/2.0\r\nFrom: ${'"'.repeat(60_000)}\r\n\r\n`],
  ['64 KiB of parentheses', `OPTIONS sip:x SIP/2.0\r\nVia: ${'('.repeat(60_000)}\r\n\r\n`],
  ['prototype names', 'OPTIONS sip:__proto__@constructor SIP/2.0\r\n__proto__: 1\r\nconstructor: 2\r\n\r\n'],
  ['a keep-alive', '\r\n\r\n'],
])('%s on an authenticated flow does no harm', async ([, frame]) => {
  const phone = await on.register('101');
  phone.send(frame);
  expect(sip.status(await phone.transact('OPTIONS', `sip:${phone.domain}`))).toBe(200);
  expect(on.server.running).toBe(true);
});
