import { expect, test } from 'vitest';
import { LATENCY, Line, only, parsed, summary } from './support/test-line.ts';

test('a complete call: 100 at once, ringing, answer, ACK, BYE; nothing stays behind', async () => {
  const line = new Line();
  const caller = line.dial();
  await line.settle();
  const leg = only(line.server.invited);
  expect(leg.sdp).toBe('offer of the phone');
  leg.progress(180);
  await line.settle();
  leg.answer('answer of the server');
  await line.settle();
  expect(line.server.sent).toEqual(['100 INVITE', '180 INVITE', '200 INVITE']);
  expect(line.phone.sent).toEqual(['INVITE', 'ACK']);
  expect(line.events(caller).map(({ kind }) => kind)).toEqual(['progress', 'answered']);
  expect(line.events(leg)).toEqual([{ kind: 'acknowledged' }]);
  leg.end({ protocol: 'Q.850', cause: 16, text: 'Köln' });
  await line.settle();
  expect(line.events(leg).at(-1)).toEqual({ kind: 'ended', by: 'us' });
  expect(line.events(caller).at(-1)).toEqual({
    kind: 'ended',
    by: 'peer',
    reason: { protocol: 'Q.850', cause: 16, text: 'Köln' },
  });
  await line.clock.advance(120_000);
  expect(line.clock.pending).toBe(0);
  expect([...line.server.agent.legs(), ...line.phone.agent.legs()]).toEqual([]);
  expect([...line.server.faults, ...line.phone.faults]).toEqual([]);
});

test('early media: SDP in 183 reaches the caller', async () => {
  const line = new Line();
  const caller = line.dial();
  await line.settle();
  only(line.server.invited).progress(183, 'early');
  await line.settle();
  expect(line.events(caller)).toEqual([{ kind: 'progress', status: 183, sdp: 'early' }]);
});

test('a refusal carries its status and Reason', async () => {
  const line = new Line();
  const caller = line.dial();
  await line.settle();
  const leg = only(line.server.invited);
  leg.reject(486, { reason: { protocol: 'Q.850', cause: 17 } });
  await line.settle();
  expect(line.events(caller)).toEqual([
    { kind: 'failed', status: 486, reason: { protocol: 'Q.850', cause: 17 } },
  ]);
  expect(line.events(leg)).toEqual([{ kind: 'ended', by: 'us' }]);
  expect(line.phone.sent).toEqual(['INVITE', 'ACK']);
});

test('the caller gives up: CANCEL, 487, and both sides know why', async () => {
  const line = new Line();
  const caller = line.dial();
  await line.settle();
  caller.end({ protocol: 'SIP', cause: 200, text: 'Call completed elsewhere' });
  caller.end();
  await line.settle();
  const reason = { protocol: 'SIP', cause: 200, text: 'Call completed elsewhere' };
  expect(line.events(only(line.server.invited))).toEqual([{ kind: 'cancelled', reason }]);
  expect(line.events(caller)).toEqual([{ kind: 'failed', status: 487 }]);
  expect(line.phone.sent).toEqual(['INVITE', 'CANCEL', 'ACK']);
});

test('a CANCEL before any response waits for the 100 (RFC 3261 §9.1)', async () => {
  const line = new Line();
  const caller = line.dial();
  caller.end();
  expect(line.phone.sent).toEqual(['INVITE']);
  await line.settle();
  expect(line.phone.sent).toEqual(['INVITE', 'CANCEL', 'ACK']);
  expect(line.events(caller)).toEqual([{ kind: 'failed', status: 487 }]);
});

test('CANCEL crosses the 200: the call is over, and the caller acknowledges and hangs up (RFC 3261 §9.1)', async () => {
  const line = new Line();
  const caller = line.dial();
  await line.settle();
  const leg = only(line.server.invited);
  caller.end();
  leg.answer('answer of the server');
  await line.settle();
  // Each side's BYE crosses the other's.
  expect(line.phone.sent).toEqual(['INVITE', 'CANCEL', 'ACK', 'BYE', '481 BYE']);
  expect(line.events(caller)).toEqual([{ kind: 'failed', status: 487 }]);
  expect(line.events(leg)).toEqual([{ kind: 'ended', by: 'peer' }]);
  await line.clock.advance(60_000);
  expect([...line.server.agent.legs(), ...line.phone.agent.legs()]).toEqual([]);
  expect(line.clock.pending).toBe(0);
});

test('an INVITE is withdrawn: CANCEL, and 487', async () => {
  const line = new Line();
  const caller = line.dial();
  await line.settle();
  caller.withdraw();
  await line.settle();
  expect(line.phone.sent).toEqual(['INVITE', 'CANCEL', 'ACK']);
  expect(line.events(caller)).toEqual([{ kind: 'failed', status: 487 }]);
});

test('an INVITE is withdrawn, but the 200 crosses our CANCEL: the leg is answered', async () => {
  const line = new Line();
  line.phone.loses = (message) => summary(message) === 'CANCEL';
  const caller = line.dial();
  await line.settle();
  caller.withdraw();
  only(line.server.invited).answer('answer of the server');
  await line.settle();
  expect(line.phone.sent).toEqual(['INVITE', 'CANCEL', 'ACK']);
  expect(line.events(caller)).toMatchObject([{ kind: 'answered', sdp: 'answer of the server' }]);
  await line.clock.advance(60_000);
  expect(caller.state).toBe('confirmed');
});

test('CANCEL crosses the 200 and no ACK ever comes: the call is over at once, the 2xx after 64*T1', async () => {
  const line = new Line();
  line.phone.loses = (message) => summary(message) === 'ACK' || summary(message) === 'BYE';
  const caller = line.dial();
  await line.settle();
  const leg = only(line.server.invited);
  leg.answer('answer of the server');
  caller.end({ protocol: 'SIP', cause: 487, text: 'Changed my mind' });
  await line.clock.advance(LATENCY);
  expect(line.server.sent).toContain('200 CANCEL');
  const reason = { protocol: 'SIP', cause: 487, text: 'Changed my mind' };
  expect(line.events(leg)).toEqual([{ kind: 'ended', by: 'peer', reason }]);
  expect(leg.state).toBe('over');
  await line.clock.advance(31_000);
  expect(line.server.sent).not.toContain('BYE');
  // It is not answered, and kept for a phone that comes back.
  await line.clock.advance(130_000);
  expect(line.server.sent.filter((each) => each === 'BYE')).toHaveLength(1);
  expect(line.clock.pending).toBe(0);
});

test('a CANCEL over another flow ends nothing, whatever call it names', async () => {
  const line = new Line();
  line.phone.loses = (message) => summary(message) === 'ACK';
  line.dial();
  await line.settle();
  const leg = only(line.server.invited);
  leg.answer('answer of the server');
  await line.settle();
  const [invite = ''] = line.phone.frames;
  line.connect();
  const other = invite.replace(/branch=\S+/, 'branch=z9hG4bKother');
  const say = (frame: string) => line.server.agent.receive(line.server.flow, parsed(frame));
  say(other.replace(/Call-ID: \S+/, 'Call-ID: other'));
  line.server.invited[1]?.answer('answer of the server');
  say(other.replaceAll('INVITE', 'CANCEL'));
  await line.settle();
  expect(line.server.sent).toContain('200 CANCEL');
  expect(line.events(leg)).toEqual([]);
});

test('a cancelled call that is never answered is over after 64*T1, and a 200 later still is ended', async () => {
  const line = new Line();
  line.phone.loses = (message) => summary(message) === '487 INVITE';
  const leg = line.call();
  await line.settle();
  leg.end();
  await line.clock.advance(32_000);
  expect(line.events(leg)).toEqual([{ kind: 'failed', status: 487 }]);
  expect([...line.server.agent.legs()]).toEqual([]);
});

test('2xx is sent again until its ACK comes, doubling up to T2 (RFC 3261 §13.3.1.4)', async () => {
  const line = new Line();
  line.phone.loses = (message) => summary(message) === 'ACK';
  line.dial();
  await line.settle();
  const leg = only(line.server.invited);
  leg.answer('answer');
  const times: number[] = [];
  const start = line.clock.now();
  const seen = () => line.server.sent.filter((each) => each === '200 INVITE').length;
  for (let ms = 0; ms <= 12_000; ms += 100) {
    while (times.length < seen()) times.push(line.clock.now() - start);
    await line.clock.advance(100);
  }
  expect(times).toEqual([0, 500, 1500, 3500, 7500, 11_500]);
  line.phone.loses = () => false;
  await line.clock.advance(5000);
  expect(line.events(leg)).toEqual([{ kind: 'acknowledged' }]);
});

test('without any ACK the call ends after 64*T1, with BYE', async () => {
  const line = new Line();
  line.phone.loses = (message) => summary(message) === 'ACK';
  line.dial();
  await line.settle();
  const leg = only(line.server.invited);
  leg.answer('answer');
  await line.clock.advance(31_900);
  expect(line.events(leg)).toEqual([]);
  await line.clock.advance(200);
  expect(line.events(leg)).toEqual([{ kind: 'ended', by: 'unacknowledged' }]);
  expect(line.server.sent.at(-1)).toBe('BYE');
});

test('BYE waits for the ACK (RFC 3261 §15), though for the call the leg is over at once', async () => {
  const line = new Line();
  line.dial();
  await line.settle();
  const leg = only(line.server.invited);
  leg.answer('answer');
  leg.end();
  expect(leg.state).toBe('over');
  await line.clock.advance(LATENCY);
  expect(line.server.sent).not.toContain('BYE');
  await line.settle();
  expect(line.server.sent).toContain('BYE');
  expect(line.events(leg)).toEqual([{ kind: 'ended', by: 'us' }]);
  await line.clock.advance(60_000);
  expect(line.clock.pending).toBe(0);
});

test('an INVITE over a dead flow fails with 503, after the listener is there to hear it', async () => {
  const line = new Line();
  line.cut();
  await line.settle();
  const leg = line.call();
  await line.settle();
  expect(line.events(leg)).toEqual([{ kind: 'failed', status: 503 }]);
  expect([...line.server.agent.legs()]).toEqual([]);
});

test('silence fails with 408 after 64*T1', async () => {
  const line = new Line();
  line.phone.loses = () => true;
  const leg = line.call();
  await line.clock.advance(32_100);
  expect(line.events(leg)).toEqual([{ kind: 'failed', status: 408 }]);
});

test('a flow that dies while it rings ends both kinds of leg', async () => {
  const line = new Line();
  const called = line.call();
  line.dial();
  await line.settle();
  line.cut();
  await line.settle();
  expect(line.events(called)).toEqual([{ kind: 'failed', status: 503 }]);
  expect(line.events(only(line.server.invited))).toEqual([{ kind: 'ended', by: 'transport' }]);
  expect([...line.server.agent.legs()]).toEqual([]);
});

test('ending an unanswered inbound leg refuses it with 480', async () => {
  const line = new Line();
  const caller = line.dial();
  await line.settle();
  only(line.server.invited).end();
  await line.settle();
  expect(line.events(caller)).toEqual([{ kind: 'failed', status: 480 }]);
});

test('our INVITE asks for a session timer that JsSIP keeps, and has Call-ID and tags of its own', async () => {
  const line = new Line();
  line.call({ fields: [['Alert-Info', '<urn:alert:service:call-waiting>']] });
  await line.settle();
  const invite = only(line.phone.invited).request;
  expect(invite.headers.get('session-expires')).toBe('1800;refresher=uac');
  expect(invite.headers.get('from')).toMatch(/^"Ada \\"A\\"" <sip:101@example.org>;tag=/);
  expect(invite.headers.get('alert-info')).toBe('<urn:alert:service:call-waiting>');
  expect(invite.headers.get('call-id')).toMatch(/^PERCH-/);
  expect(invite.headers.get('require')).toBeUndefined();
  expect(invite.uri).toBe('sip:abc@phone.invalid;transport=ws');
});
