import { expect, test } from 'vitest';
import { Call, connectCall, dialogOf } from './support/call.ts';
import { stage } from './support/fixtures.ts';
import { sdp } from './support/sdp.ts';
import { PageClient } from './support/page-client.ts';
import { SipClient } from './support/sip-client.ts';
import * as sip from './support/sip-message.ts';

const on = stage();

test('a call is rung, answered, acknowledged and hung up on both legs', async () => {
  const [ada, ben] = [await on.register('101'), await on.register('102')];
  const call = new Call(ada, '102');
  expect(sip.status(await call.response())).toBe(100);
  const invite = await ben.request('INVITE');
  expect(sip.displayName(sip.field(invite, 'From'))).toBe('Ada');
  expect(sip.uriOf(sip.field(invite, 'From'))).toBe(ada.address());
  expect(invite.body).toBe(sdp('1'));
  ben.respond(invite, '180 Ringing', { toTag: 'b1' });
  expect(sip.status(await call.response(180))).toBe(180);
  ben.respond(invite, '200 OK', { toTag: 'b1', body: sdp('2') });
  await ben.request('ACK');
  const dialog = await call.answered();
  expect(sip.status(await dialog.request('BYE'))).toBe(200);
  const bye = await ben.request('BYE');
  expect(sip.field(bye, 'Call-ID')).toBe(sip.field(invite, 'Call-ID'));
});

test('both phones, the page and the Center name a call by one id', async () => {
  const [ada, ben] = [await on.register('101'), await on.register('102')];
  const page = await PageClient.open(on.server.line('101').url);
  const call = new Call(ada, '102');
  const invite = await ben.request('INVITE');
  const id = sip.field(invite, 'Perch-Call-ID');
  ben.respond(invite, '180 Ringing', { toTag: 'id' });
  expect(sip.field(await call.response(180), 'Perch-Call-ID')).toBe(id);
  ben.respond(invite, '200 OK', { toTag: 'id', body: sdp('2') });
  const ok = await call.response(200);
  expect(sip.field(ok, 'Perch-Call-ID')).toBe(id);
  const dialog = await call.answered(ok);
  const { calls } = await page.next('of the call', ({ calls: [shown] = [] }) => shown !== undefined);
  expect(calls).toMatchObject([{ id }]);
  await dialog.request('BYE');
  const visit = new Call(ada, '*30');
  const welcome = await visit.response(200);
  const center = await visit.answered(welcome);
  const event = await page.next('of the Center', ({ kind }) => kind === 'center');
  expect(event.call).toBe(sip.field(welcome, 'Perch-Call-ID'));
  expect(event.call).not.toBe(id);
  await center.request('BYE');
  page.close();
});

test('nothing of one leg appears on the other: Call-ID, tags, Contact, unknown headers', async () => {
  const [ada, ben] = [await on.register('101'), await on.register('102')];
  const call = new Call(ada, '102', {
    fields: ['X-Secret: of the caller', 'Subject: lunch', 'X-Spaced : 1'],
  });
  const invite = await ben.request('INVITE');
  expect(sip.field(invite, 'Call-ID')).not.toBe(call.callId);
  expect(sip.field(invite, 'Contact')).not.toContain(ada.identity.host);
  expect(sip.all(invite, 'Via')).toHaveLength(1);
  expect([...invite.fields.keys()].filter((name) => name.startsWith('x-') || name === 'subject')).toEqual([]);
  ben.respond(invite, '486 Busy Here', { toTag: 'b2' });
  await call.reachedMailbox();
});

test('the caller gives up while it rings: the callee hears CANCEL, the caller 487', async () => {
  const [ada, ben] = [await on.register('101'), await on.register('102')];
  const call = new Call(ada, '102');
  const invite = await ben.request('INVITE');
  ben.respond(invite, '180 Ringing', { toTag: 'b3' });
  await call.response(180);
  const cancelled = await ada.response(call.cancel(), 200);
  expect(sip.field(cancelled, 'CSeq')).toContain('CANCEL');
  const cancel = await ben.request('CANCEL');
  expect(sip.branch(cancel)).toBe(sip.branch(invite));
  ben.respond(cancel, '200 OK', { toTag: 'b3' });
  ben.respond(invite, '487 Request Terminated', { toTag: 'b3' });
  expect(sip.status(await call.refused())).toBe(487);
});

test('CANCEL and 200 cross on the wire: the callee, who answered, is hung up on', async () => {
  const [ada, ben] = [await on.register('101'), await on.register('102')];
  const call = new Call(ada, '102');
  const invite = await ben.request('INVITE');
  ben.respond(invite, '180 Ringing', { toTag: 'b4' });
  await call.response(180);
  call.cancel();
  const cancel = await ben.request('CANCEL');
  ben.respond(invite, '200 OK', { toTag: 'b4', body: sdp('2') });
  ben.respond(cancel, '200 OK', { toTag: 'b4' });
  await ben.request('ACK');
  ben.respond(await ben.request('BYE'), '200 OK');
  expect(sip.status(await call.refused())).toBe(487);
});

test('all browsers of a terminal ring; the others stop when one answers, and are told why', async () => {
  const [ada, first, second] = [await on.register('101'), await on.register('103'), await on.register('103')];
  const call = new Call(ada, '103');
  const invites = await Promise.all([first.request('INVITE'), second.request('INVITE')]);
  expect(sip.branch(invites[0])).not.toBe(sip.branch(invites[1]));
  first.respond(invites[0], '180 Ringing', { toTag: 'c1' });
  second.respond(invites[1], '180 Ringing', { toTag: 'c2' });
  first.respond(invites[0], '200 OK', { toTag: 'c1', body: sdp('2') });
  const cancel = await second.request('CANCEL');
  expect(sip.field(cancel, 'Reason')).toMatch(/^SIP\s*;\s*cause=200/);
  second.respond(cancel, '200 OK', { toTag: 'c2' });
  second.respond(invites[1], '487 Request Terminated', { toTag: 'c2' });
  await first.request('ACK');
  const dialog = await call.answered();
  await dialog.request('BYE');
});

test('two browsers answer at the same moment: one has the call, the other is hung up on', async () => {
  const [ada, first, second] = [await on.register('101'), await on.register('104'), await on.register('104')];
  const call = new Call(ada, '104');
  const invites = await Promise.all([first.request('INVITE'), second.request('INVITE')]);
  first.respond(invites[0], '200 OK', { toTag: 'd1', body: sdp('2') });
  second.respond(invites[1], '200 OK', { toTag: 'd2', body: sdp('3') });
  const dialog = await call.answered();
  await Promise.all([first.request('ACK'), second.request('ACK')]);
  const bye = await Promise.race([first.request('BYE'), second.request('BYE')]);
  const [loser, winner] = sip.field(bye, 'To').includes('d2') ? [second, first] : [first, second];
  loser.respond(bye, '200 OK');
  expect(winner.unread('BYE')).toEqual([]);
  await dialog.request('BYE');
});

test.for(['486 Busy Here', '302 Moved Temporarily', '480 Temporarily Unavailable'])(
  'the callee answers %s: the mailbox takes the call',
  async (answer) => {
    const [ada, ben] = [await on.register('101'), await on.register('102')];
    const call = new Call(ada, '102');
    ben.respond(await ben.request('INVITE'), answer, { toTag: 'b5' });
    await ben.request('ACK');
    await call.reachedMailbox();
  },
);

test('the callee answers 603 Decline: the caller is told, and there is no mailbox', async () => {
  const [ada, ben] = [await on.register('101'), await on.register('102')];
  const call = new Call(ada, '102');
  ben.respond(await ben.request('INVITE'), '603 Decline', { toTag: 'b6' });
  await ben.request('ACK');
  await ada.response(call.branch, 603);
});

test('hold and talk again: a re-INVITE is answered by the other side', async () => {
  const [ada, ben] = [await on.register('101'), await on.register('102')];
  const [caller] = await connectCall(ada, ben);
  const branch = caller.start('INVITE', { sequence: 2, body: sdp('hold').replace('sendrecv', 'sendonly') });
  const offer = await ben.request('INVITE');
  expect(offer.body).toContain('a=sendonly');
  ben.respond(offer, '200 OK', { body: sdp('2').replace('sendrecv', 'recvonly') });
  const response = await ada.response(branch, 200);
  expect(response.body).toContain('a=recvonly');
  caller.acknowledge(2);
  await ben.request('ACK');
  expect(sip.status(await caller.request('BYE', { sequence: 3 }))).toBe(200);
});

test.for(['ended', 'dead, and has not ended'])(
  'a phone that is back hears the BYE that was lost with its connection, which has %s',
  async (how) => {
    const [ada, ben] = [await on.register('101'), await on.register('102')];
    const [caller, callee] = await connectCall(ada, ben);
    if (how === 'ended') {
      ben.close();
      await ben.closed;
    }
    await caller.request('BYE');
    const back = await on.register('102', ben.identity);
    const bye = await back.request('BYE');
    expect(sip.field(bye, 'Call-ID')).toBe(callee.callId);
    back.respond(bye, '200 OK');
  },
);

test('INFO reaches the other side', async () => {
  const [ada, ben] = [await on.register('101'), await on.register('102')];
  const [caller] = await connectCall(ada, ben);
  const branch = caller.start('INFO', { fields: ['Content-Type: application/dtmf-relay'] });
  expect(sip.status(await ada.response(branch, 200))).toBe(200);
  await caller.request('BYE');
});

test('blind transfer: the server sends the call on and tells the transferor how it went', async () => {
  const [ada, ben, chloe] = [await on.register('101'), await on.register('102'), await on.register('103')];
  const [caller] = await connectCall(ada, ben);
  const reoffers: string[] = [];
  ben.onInvite = (reInvite) => {
    reoffers.push(reInvite.body);
    ben.respond(reInvite, '200 OK', { body: sdp('2') });
  };
  const accepted = await caller.request('REFER', { fields: [`Refer-To: <${ada.address('103')}>`] });
  expect(sip.status(accepted)).toBe(202);
  const invite = await chloe.request('INVITE');
  expect(sip.uriOf(sip.field(invite, 'From'))).toBe(ben.address());
  chloe.onInvite = (reInvite) => chloe.respond(reInvite, '200 OK', { body: sdp('3') });
  chloe.respond(invite, '200 OK', { toTag: 'c3', body: sdp('3') });
  await chloe.request('ACK');
  for (let outcome = 0; outcome !== 200;) {
    const notify = await ada.request('NOTIFY');
    ada.respond(notify, '200 OK');
    outcome = Number(notify.body.slice(8, 11));
    expect(sip.field(notify, 'Subscription-State')).toContain(outcome === 200 ? 'terminated' : 'active');
  }
  expect(reoffers).not.toEqual([]);
  expect(ben.unread('BYE')).toEqual([]);
  await dialogOf(chloe, invite, 'c3').request('BYE', { sequence: 9 });
  await ben.request('BYE');
});

test('help that was called before kill -9 calls back the phone from which it was called', async () => {
  const account = await on.server.addExtension('112', 'Reception');
  const help = await SipClient.registered(on.server.organization, account);
  const ben = await on.register('102');
  // Nobody is at 104: only a server that remembers the call for help knows where to ring.
  await on.server.administer('PATCH', '/api/extensions/102', { callBack: '104' });
  const call = new Call(ben, '112');
  help.respond(await help.request('INVITE'), '486 Busy Here', { toTag: 'busy' });
  call.cancel();
  await call.refused();
  await on.server.administer('PATCH', '/api/extensions/102', { callBack: null });

  await on.server.kill();
  await on.server.startAgain();
  const [back, later] = [
    await SipClient.registered(on.server.organization, account, help.identity),
    await on.register('102', ben.identity),
  ];
  const returned = new Call(back, '104');
  later.respond(await later.request('INVITE'), '486 Busy Here', { toTag: 'busy' });
  expect(sip.status(await returned.refused())).toBe(486);
  await back.leave();
});

test('calls survive kill -9: they can still be hung up when the phones are back; one with the server is over, which its phone is told', async () => {
  const [ada, ben, chloe] = [await on.register('101'), await on.register('102'), await on.register('103')];
  const [caller, callee] = await connectCall(ada, ben);
  const center = await new Call(chloe, '*30101').answered();
  // After its ACK.
  await center.request('OPTIONS');
  await on.server.kill();
  await on.server.startAgain();
  const benAgain = await on.register('102', ben.identity);
  const adaAgain = await on.register('101', ada.identity);
  const hangUp = adaAgain.start('BYE', caller.target, {
    from: caller.local,
    to: caller.remote,
    callId: caller.callId,
    sequence: 9,
  });
  expect(sip.status(await adaAgain.response(hangUp, 200))).toBe(200);
  const bye = await benAgain.request('BYE');
  expect(sip.field(bye, 'Call-ID')).toBe(callee.callId);
  const chloeAgain = await on.register('103', chloe.identity);
  const over = await chloeAgain.request('BYE');
  expect(sip.field(over, 'Call-ID')).toBe(center.callId);
  expect(sip.field(over, 'Reason')).toBe('SIP;cause=503;text="The server was started anew"');
  chloeAgain.respond(over, '200 OK');
});

test.for(['before', 'after'])(
  'a call that ends %s the server is killed: a phone that was away hears of it as soon as it is back',
  async (when) => {
    const [ada, ben] = [await on.register('101'), await on.register('102')];
    const [caller, callee] = await connectCall(ada, ben);
    ben.close();
    await ben.closed;
    if (when === 'before') {
      expect(sip.status(await caller.request('BYE'))).toBe(200);
      // The record of a call is written together with the next call.
      await connectCall(await on.register('103'), await on.register('201'));
    }
    await on.server.kill();
    await on.server.startAgain();
    const adaAgain = await on.register('101', ada.identity);
    if (when === 'after') {
      const hangUp = adaAgain.start('BYE', caller.target, {
        from: caller.local,
        to: caller.remote,
        callId: caller.callId,
        sequence: 9,
      });
      expect(sip.status(await adaAgain.response(hangUp, 200))).toBe(200);
    }
    const benAgain = await on.register('102', ben.identity);
    const bye = await benAgain.request('BYE');
    expect(sip.field(bye, 'Call-ID')).toBe(callee.callId);
    benAgain.respond(bye, '200 OK');
  },
);

test('a transferee that says +perch.reseat gets the target in a new session, and its old one is ended', async () => {
  const [ada, ben, chloe] = [await on.register('101'), await on.register('102'), await on.register('103')];
  const { contact, instance } = ben.identity;
  await ben.register({ contact: `${contact};reg-id=1;+sip.instance="<urn:uuid:${instance}>";+perch.reseat` });
  const call = new Call(ada, '102');
  const old = await ben.request('INVITE');
  ben.respond(old, '200 OK', { toTag: 'old', body: sdp('2') });
  await ben.request('ACK');
  const dialog = await call.answered();
  dialog.start('REFER', { fields: [`Refer-To: <${ada.address('103')}>`] });
  chloe.respond(await chloe.request('INVITE'), '200 OK', { toTag: 'c1', body: sdp('3') });
  await chloe.request('ACK');
  chloe.respond(await chloe.request('INVITE'), '200 OK', { toTag: 'c1', body: sdp('4') });
  const renewed = await ben.request('INVITE');
  const fromTag = /;tag=([^;]+)/.exec(sip.field(old, 'From'))?.[1] ?? '';
  expect(sip.field(renewed, 'Replaces')).toBe(`${sip.field(old, 'Call-ID')};to-tag=old;from-tag=${fromTag}`);
  expect(sip.field(renewed, 'Perch-Call-ID')).toBe(sip.field(old, 'Perch-Call-ID'));
  expect(sip.displayName(sip.field(renewed, 'From'))).toBe('Chloe');
  expect(renewed.body).toBe(sdp('4'));
  ben.respond(renewed, '200 OK', { toTag: 'new', body: sdp('5') });
  expect((await chloe.request('ACK')).body).toBe(sdp('5'));
  expect(sip.field(await ben.request('BYE'), 'Call-ID')).toBe(sip.field(old, 'Call-ID'));
});

test.for([
  '%D9%A1%D9%A0%D9%A2',
  '%EF%BC%91%EF%BC%90%EF%BC%92',
  '%E2%80%8E1%C2%A00%E2%80%912%0D%0A',
  'tel:102',
  'tel:1-0-2;phone-context=demo.perch.test',
])('a phone that dials %s rings the phone of 102', async (dialled) => {
  const [ada, ben] = [await on.register('101'), await on.register('102')];
  const call = new Call(ada, dialled);
  const invite = await ben.request('INVITE');
  ben.respond(invite, '486 Busy Here', { toTag: 'b' });
  expect(sip.status(await call.response(200))).toBe(200); // the mailbox
  await (await call.answered()).request('BYE');
});

test('a call is sent on to a telephone number', async () => {
  const [ada, ben, charlie] = await Promise.all(['101', '102', '103'].map((number) => on.register(number)));
  if (!ada || !ben || !charlie) throw new Error('three phones');
  const [dialog] = await connectCall(ada, ben);
  const referred = await dialog.request('REFER', { fields: ['Refer-To: <tel:10-3>'] });
  expect(sip.status(referred)).toBe(202);
  const invite = await charlie.request('INVITE');
  expect(sip.displayName(sip.field(invite, 'From'))).toBe('Ben');
  charlie.respond(invite, '603 Decline', { toTag: 'c' });
});
