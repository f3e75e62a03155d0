import { expect, test } from 'vitest';
import { RawPhone, request, response } from './support/raw-phone.ts';
import { Line, only, parsed, summary } from './support/test-line.ts';

test('INFO arrives with its type, and is answered by the leg', async () => {
  const line = new Line();
  const [server, phone] = await line.answered();
  phone.info('application/dtmf-relay', 'Signal=1\r\nDuration=100');
  await line.settle();
  expect(line.events(server)).toEqual([
    { kind: 'info', contentType: 'application/dtmf-relay', body: 'Signal=1\r\nDuration=100' },
  ]);
  expect(line.server.sent).toEqual(['200 INFO']);
});

test('REFER asks the peer to make a call itself, and wants no reports (RFC 3515, RFC 4488)', async () => {
  const line = new Line();
  const [server, phone] = await line.answered();
  server.refer('sip:102@example.org', () => undefined);
  await line.settle();
  expect(line.server.frames[0]).toMatch(/^REFER sip:perch@example\.org;transport=ws SIP\/2\.0\r\n/);
  expect(line.server.frames[0]).toContain('\r\nReferred-By: <sip:101@example.org>\r\nRefer-Sub: false\r\n');
  expect(line.events(phone)).toMatchObject([
    { kind: 'refer', referTo: { uri: 'sip:102@example.org' }, referredBy: '<sip:101@example.org>' },
  ]);
});

test('a REFER survives our BYE that follows at once: its answer and its reports are ignored, and nothing fails', async () => {
  const line = new Line();
  const [server, phone] = await line.answered();
  server.refer('sip:102@example.org', () => undefined);
  await line.settle();
  const [event] = line.events(phone);
  phone.acceptRefer(event?.kind === 'refer' ? event.id : 0);
  server.end();
  await line.settle();
  expect(line.server.sent).toEqual(['REFER', 'BYE', '481 NOTIFY']);
  expect(line.phone.sent).toEqual(['202 REFER', 'NOTIFY', '200 BYE']);
  expect(line.events(server)).toEqual([{ kind: 'ended', by: 'us' }]);
  expect([...line.server.faults, ...line.phone.faults]).toEqual([]);
});

test.for([202, 403, 405, 603])(
  'a REFER that is answered %i: told, and nothing else changes',
  async (status) => {
    const phone = new RawPhone();
    await phone.call();
    const answers: number[] = [];
    phone.invited[0]?.refer('sip:102@example.org', (answer) => answers.push(answer));
    phone.flow.receive(response(phone.heard()[0], status));
    await phone.settle();
    expect(answers).toEqual([status]);
    expect(phone.events).toEqual([]);
    expect(phone.invited[0]?.state).toBe('confirmed');
  },
);

/** A REFER of the peer's that was accepted, and has been told of 100: the server's leg, and the status lines and ids of later reports. */
async function referred() {
  const phone = new RawPhone();
  const tag = await phone.call();
  const fields = 'Refer-To: <sip:103@example.org>\r\n';
  phone.flow.receive(request({ method: 'REFER', tag, sequence: 2, fields }));
  await phone.settle();
  const [leg] = phone.invited;
  leg?.acceptRefer(2);
  await phone.settle();
  const answer = (status: number, flow = phone.flow): string[] =>
    flow.sent.splice(0).flatMap((frame) => {
      const message = parsed(frame);
      if (message.kind !== 'request') return [];
      flow.receive(response(message, status));
      return message.method === 'NOTIFY'
        ? [`${message.headers.get('event') ?? ''} ${message.body.trim()}`]
        : [];
    });
  expect(answer(200)).toEqual(['refer;id=2 SIP/2.0 100 Trying']);
  return { phone, leg, answer };
}

test('the outcome of a REFER that is lost with the line is told again when the peer is back, once', async () => {
  const { phone, leg, answer } = await referred();
  phone.flow.hangUp();
  leg?.referProgress(2, 486);
  await phone.settle();
  const again = phone.connect();
  const contact = 'sip:x@y.invalid;transport=ws';
  leg?.rebind({ flow: again, contact });
  await phone.settle();
  expect(answer(200, again)).toEqual(['refer;id=2 SIP/2.0 486 Busy Here']);
  leg?.rebind({ flow: again, contact });
  await phone.settle();
  expect(answer(200, again)).toEqual([]);
});

test('a peer that no longer has the subscription of its REFER still has the call (RFC 5057 §5.1)', async () => {
  const { phone, leg, answer } = await referred();
  leg?.referProgress(2, 486);
  await phone.settle();
  expect(answer(481)).toEqual(['refer;id=2 SIP/2.0 486 Busy Here']);
  expect(leg?.state).toBe('confirmed');
  expect(phone.events.map(({ kind }) => kind)).toEqual(['refer']);
});

test('a peer that answers no report has four REFERs in 32 s, and none of their reports is kept for longer', async () => {
  const phone = new RawPhone();
  const tag = await phone.call();
  const [leg] = phone.invited;
  const fields = 'Refer-To: <sip:103@example.org>\r\n';
  const refer = (sequence: number): string | undefined => {
    phone.flow.receive(request({ method: 'REFER', tag, sequence, fields }));
    leg?.acceptRefer(sequence);
    leg?.referProgress(sequence, 486);
    return phone.summaries()[0];
  };
  const accepted = '202 REFER';
  expect([2, 3, 4, 5, 6].map(refer)).toEqual([accepted, accepted, accepted, accepted, '503 REFER']);
  expect(leg?.snapshot()?.openRefers).toEqual([2, 3, 4, 5]);
  await phone.clock.advance(32_000);
  expect(leg?.snapshot()?.openRefers).toBeUndefined();
  expect(refer(7)).toBe(accepted);
});

test('a REFER that a restart has cut off has failed: its peer is told when it is back', async () => {
  const { phone, leg } = await referred();
  const snapshot = leg?.snapshot();
  expect(snapshot?.openRefers).toEqual([2]);
  if (snapshot === undefined) throw new Error('no snapshot');
  const after = new RawPhone();
  const gone = after.connect();
  gone.hangUp();
  const restored = after.watch(after.agent.restore(snapshot, { flow: gone, contact: snapshot.remoteTarget }));
  expect(restored.snapshot()?.openRefers).toEqual([2]);
  restored.rebind({ flow: after.flow, contact: snapshot.remoteTarget });
  await after.settle();
  const reports = after
    .heard()
    .filter((message) => message.kind === 'request' && message.method === 'NOTIFY');
  expect(reports.map((message) => [message.headers.get('event'), message.body])).toEqual([
    ['refer;id=2', 'SIP/2.0 503 Service Unavailable\r\n'],
  ]);
  after.flow.receive(response(reports[0], 200));
  await after.settle();
  expect(restored.snapshot()?.openRefers).toBeUndefined();
  expect(phone.faults).toEqual([]);
});

test("the peer's reports of a REFER are answered 200", async () => {
  const phone = new RawPhone();
  const tag = await phone.call();
  phone.invited[0]?.refer('sip:102@example.org', () => undefined);
  phone.flow.receive(response(phone.heard()[0], 202));
  phone.flow.receive(
    request({ method: 'NOTIFY', tag, sequence: 2, body: 'SIP/2.0 100 Trying\r\n', type: 'message/sipfrag' }),
  );
  expect(phone.summaries()).toEqual(['200 NOTIFY']);
});

test('a peer that has forgotten the dialog ends it (RFC 5057 §5.1)', async () => {
  const line = new Line();
  const [server, phone] = await line.answered();
  line.phone.loses = (message) => summary(message) === 'BYE';
  phone.end();
  server.info('text/plain', 'anybody there?');
  await line.settle();
  expect(line.events(server)).toEqual([{ kind: 'ended', by: 'gone' }]);
});

test('both hang up at once: each BYE gets its answer, each leg ends once', async () => {
  const line = new Line();
  const [server, phone] = await line.answered();
  server.end();
  phone.end();
  await line.settle();
  expect(line.events(server)).toEqual([{ kind: 'ended', by: 'us' }]);
  expect(line.events(phone)).toEqual([{ kind: 'ended', by: 'us' }]);
});

test('no command does anything once the leg is over', async () => {
  const line = new Line();
  const [server] = await line.answered();
  server.end();
  await line.settle();
  line.server.sent.length = 0;
  server.end();
  server.offer('x');
  server.askOffer();
  server.info('text/plain', 'x');
  server.acceptOffer('x');
  server.refuseOffer(488);
  server.answer('x');
  server.reject(486);
  server.progress(180);
  server.referProgress(1, 200);
  server.refer('sip:102@example.org', () => undefined);
  server.rebind(server.target);
  await line.settle();
  expect(line.server.sent).toEqual([]);
  expect(server.snapshot()).toBeUndefined();
});

test('in-dialog requests that come over another flow of the same account are taken, and move a dead target', async () => {
  const line = new Line();
  const [server, phone] = await line.answered();
  line.cut();
  line.connect();
  phone.rebind({ flow: line.phone.flow, contact: 'sip:perch@example.org' });
  phone.info('text/plain', 'back again');
  await line.settle();
  expect(line.events(server).map(({ kind }) => kind)).toEqual(['info']);
  expect(server.target.flow).toBe(line.server.flow);
});

test('a leg that is over lets go of its INVITEs at once (RFC 6026 §7.2): late answers to them are ignored', async () => {
  const line = new Line();
  const server = line.call();
  await line.settle();
  only(line.phone.invited).answer('answer of the phone');
  await line.settle();
  server.offer('offer once more');
  await line.settle();
  only(line.phone.invited).acceptOffer('answer once more');
  await line.settle();
  const answers = line.phone.frames.filter((frame) => summary(parsed(frame)) === '200 INVITE');
  expect(answers).toHaveLength(2);
  server.end();
  await line.settle();
  line.server.sent.length = 0;
  for (const answer of answers) line.server.flow.receive(answer);
  await line.settle();
  expect(line.server.sent).toEqual([]);
});

test('a re-offer that came over another flow of the same account dies with that flow', async () => {
  const line = new Line();
  const [server, phone] = await line.answered();
  const first = { server: line.server.flow, phone: line.phone.flow };
  line.connect();
  phone.rebind({ flow: line.phone.flow, contact: 'sip:perch@example.org' });
  phone.offer('over the second flow');
  await line.settle(1);
  expect(server.target.flow).toBe(first.server);
  line.cut();
  await line.settle();
  line.server.flow = first.server;
  line.phone.flow = first.phone;
  phone.rebind({ flow: first.phone, contact: 'sip:perch@example.org' });
  await line.settle();
  expect(line.events(server).filter(({ kind }) => kind === 'offered')).toHaveLength(2);
});

test('Replaces finds a dialog by its tags in either order', async () => {
  const line = new Line();
  const [server] = await line.answered();
  const snapshot = server.snapshot();
  if (snapshot === undefined) throw new Error('no snapshot');
  const { callId, localTag, remoteTag } = snapshot;
  expect(server.isDialog(callId, localTag, remoteTag)).toBe(true);
  expect(server.isDialog(callId, remoteTag, localTag)).toBe(true);
  expect(server.isDialog(callId, localTag, localTag)).toBe(false);
  expect(server.isDialog('other', localTag, remoteTag)).toBe(false);
});

test('a dialog taken up after a restart goes on: higher numbers out, INFO in, BYE either way', async () => {
  const line = new Line();
  const [before, phone] = await line.answered();
  const snapshot = before.snapshot();
  if (snapshot === undefined) throw new Error('no snapshot');
  line.restartServer();
  phone.rebind({ flow: line.phone.flow, contact: 'sip:perch@example.org' });
  const after = line.watch(
    line.server.agent.restore(snapshot, { flow: line.server.flow, contact: snapshot.remoteTarget }),
  );
  expect(after.state).toBe('confirmed');
  expect(after.snapshot()?.sessionTimer).toEqual({ intervalSeconds: 1800, refresher: 'peer' });
  phone.info('text/plain', 'still there?');
  after.info('text/plain', 'yes');
  after.offer('new offer');
  await line.settle();
  expect(line.events(after).map(({ kind }) => kind)).toEqual(['info']);
  expect(line.events(phone).map(({ kind }) => kind)).toEqual(['info', 'offered']);
  after.end();
  await line.settle();
  expect(line.events(phone).at(-1)).toEqual({ kind: 'ended', by: 'peer' });
});

test('the server refreshes the session at half its interval, by UPDATE, which the peer answers itself', async () => {
  const line = new Line();
  const server = line.call();
  await line.settle();
  const phone = only(line.phone.invited);
  phone.answer('answer of the phone');
  await line.settle();
  line.server.sent.length = line.server.frames.length = 0;
  line.phone.sent.length = line.phone.frames.length = 0;
  await line.clock.advance(900_000);
  expect(line.server.sent).toEqual(['UPDATE']);
  expect(line.phone.sent).toEqual(['200 UPDATE']);
  expect(line.server.frames[0]).toContain('Session-Expires: 1800;refresher=uac');
  expect(line.phone.frames[0]).toContain('Session-Expires: 1800;refresher=uac');
  await line.clock.advance(3_600_000);
  expect([server.state, phone.state]).toEqual(['confirmed', 'confirmed']);
});

test('a session whose refresh is not answered ends', async () => {
  const line = new Line();
  const [server, phone] = await line.answered();
  line.cut();
  await line.clock.advance(1_800_000);
  expect(line.events(server)).toEqual([{ kind: 'ended', by: 'session-expired' }]);
  expect(line.events(phone)).toEqual([{ kind: 'ended', by: 'session-expired' }]);
  await line.clock.advance(60_000);
  expect(line.clock.pending).toBe(0);
});

test('a refresh that the dead flow held back goes out when the peer returns', async () => {
  const line = new Line();
  const [server, phone] = await line.answered();
  line.cut();
  await line.clock.advance(1_000_000);
  line.connect();
  phone.rebind({ flow: line.phone.flow, contact: 'sip:perch@example.org' });
  server.rebind({ flow: line.server.flow, contact: 'sip:new@phone.invalid' });
  await line.clock.advance(1_000_000);
  expect([...line.events(server), ...line.events(phone)]).toEqual([]);
});

test("a listener's exception ends that leg and nothing else", async () => {
  const line = new Line();
  const [server, phone] = await line.answered();
  server.listen(({ kind }) => {
    if (kind === 'info') throw new Error('a mistake of ours');
  });
  phone.info('text/plain', 'x');
  await line.settle();
  expect(only(line.server.faults)).toEqual(new Error('a mistake of ours'));
  expect(line.events(phone)).toEqual([{ kind: 'ended', by: 'peer' }]);
});

/** A call of a phone that comes back on another flow: what it is asked, and the flow. */
async function phoneBack(fields = '') {
  const phone = new RawPhone();
  await phone.call({ fields });
  const [server] = phone.invited;
  if (server === undefined) throw new Error('no leg');
  phone.agent.flowClosed(phone.flow);
  const flow = phone.connect(phone.flow.remoteAddress);
  server.rebind({ flow, contact: 'sip:x@y.invalid' });
  await phone.settle();
  return { phone, server, flow, asked: flow.sent.splice(0).map(parsed) };
}

const ALLOWS_UPDATE = 'Allow: INVITE, ACK, BYE, CANCEL, UPDATE\r\n';

test.for<readonly [allow: string, status: number, asked: string, events: readonly unknown[]]>([
  [ALLOWS_UPDATE, 481, 'UPDATE', [{ kind: 'ended', by: 'gone' }]],
  [ALLOWS_UPDATE, 408, 'UPDATE', [{ kind: 'ended', by: 'gone' }]],
  [ALLOWS_UPDATE, 200, 'UPDATE', []],
  [ALLOWS_UPDATE, 403, 'UPDATE', []],
  [ALLOWS_UPDATE, 405, 'UPDATE', []],
  [ALLOWS_UPDATE, 501, 'UPDATE', []],
  ['', 481, 'OPTIONS', [{ kind: 'ended', by: 'gone' }]],
  ['', 200, 'OPTIONS', []],
  ['', 405, 'OPTIONS', []],
])(
  'a phone that is back is asked whether it knows the dialog (%j): %i to %s',
  async ([allow, status, asked, events]) => {
    const back = await phoneBack(allow);
    expect(back.asked.map(summary)).toEqual([asked]);
    back.flow.receive(response(back.asked[0], status));
    await back.phone.settle();
    expect(back.phone.events).toEqual(events);
  },
);

test('a phone that is back and does not say whether it knows the dialog is gone after 32 s', async () => {
  const { phone } = await phoneBack(ALLOWS_UPDATE);
  await phone.clock.advance(31_999);
  expect(phone.events).toEqual([]);
  await phone.clock.advance(1);
  expect(phone.events).toEqual([{ kind: 'ended', by: 'gone' }]);
});

test('a phone that only promises an answer to a re-INVITE is gone after 32 s', async () => {
  const phone = new RawPhone();
  await phone.call();
  phone.invited[0]?.offer('restart');
  const [invite] = phone.heard();
  phone.flow.receive(response(invite, 100));
  await phone.clock.advance(20_000);
  phone.flow.receive(response(invite, 183));
  await phone.clock.advance(11_999);
  expect(phone.events).toEqual([]);
  await phone.clock.advance(1);
  expect(phone.events).toEqual([
    { kind: 'offer-refused', status: 408 },
    { kind: 'ended', by: 'gone' },
  ]);
  expect(phone.summaries()).toEqual(['BYE']);
});
