import { expect, test } from 'vitest';
import { RawPhone, request } from '../support/raw-phone.ts';
import { Line, LATENCY, only, summary } from '../support/test-line.ts';

test('a re-offer is answered, and a second waits for the first', async () => {
  const line = new Line();
  const [server, phone] = await line.answered();
  server.offer('one');
  server.offer('two');
  await line.settle();
  expect(line.events(phone)).toEqual([{ kind: 'offered', sdp: 'one', method: 'INVITE' }]);
  phone.acceptOffer('answer to one');
  await line.settle();
  expect(line.events(phone).at(-1)).toEqual({ kind: 'offered', sdp: 'two', method: 'INVITE' });
  phone.acceptOffer('answer to two');
  await line.settle();
  expect(line.events(server)).toEqual([
    { kind: 'offer-answered', sdp: 'answer to one' },
    { kind: 'offer-answered', sdp: 'answer to two' },
  ]);
});

test('a refused re-offer leaves the session as it was', async () => {
  const line = new Line();
  const [server, phone] = await line.answered();
  server.offer('one');
  await line.settle();
  phone.refuseOffer(488);
  await line.settle();
  expect(line.events(server)).toEqual([{ kind: 'offer-refused', status: 488 }]);
  expect([server.state, phone.state]).toEqual(['confirmed', 'confirmed']);
});

test('a re-offer is refused with the reason that the exchange gives', async () => {
  const phone = new RawPhone();
  phone.flow.receive(request({ method: 'INVITE', branch: '1', body: 'v=0' }));
  const [leg] = phone.invited;
  leg?.answer('answer');
  const [, ok] = phone.heard();
  const tag = ok?.essentials.to.tag ?? '';
  phone.flow.receive(request({ method: 'ACK', branch: '2', tag }));
  phone.flow.receive(request({ method: 'INVITE', branch: '3', tag, sequence: 2, body: 'v=0' }));
  leg?.refuseOffer(488, [['Warning', '305 perch "Neither Opus nor PCMU is offered"']]);
  const refusal = phone.heard().at(-1);
  expect(refusal).toMatchObject({ status: 488 });
  expect(refusal?.headers.get('warning')).toBe('305 perch "Neither Opus nor PCMU is offered"');
});

test('glare: both offers meet 491, and both get through, one after the other, without a pause that anybody would notice', async () => {
  const line = new Line();
  const [server, phone] = await line.answered();
  server.offer('of the server');
  phone.offer('of the phone');
  await line.settle();
  expect(line.server.sent).toContain('491 INVITE');
  expect(line.phone.sent).toContain('491 INVITE');
  // The phone made the Call-ID: its offer comes first.
  expect([line.events(server), line.events(phone)]).toEqual([
    [{ kind: 'offered', sdp: 'of the phone', method: 'INVITE' }],
    [],
  ]);
  server.acceptOffer('to the phone');
  await line.settle();
  expect(line.events(phone)).toEqual([
    { kind: 'offer-answered', sdp: 'to the phone' },
    { kind: 'offered', sdp: 'of the server', method: 'INVITE' },
  ]);
  phone.acceptOffer('to the server');
  await line.settle();
  expect(line.events(server).at(-1)).toEqual({ kind: 'offer-answered', sdp: 'to the server' });
  for (const { sent } of [line.server, line.phone])
    expect(sent.filter((each) => each === '491 INVITE')).toHaveLength(1);
});

test('an offer that is refused with 491 and has met none comes again after the pause of RFC 3261 §14.1', async () => {
  const line = new Line();
  const [server, phone] = await line.answered();
  const invites = ({ sent }: Line['server']) => sent.filter((each) => each === 'INVITE').length;
  phone.offer('of the one that made the Call-ID');
  await line.settle();
  server.refuseOffer(491);
  await line.clock.advance(2_000);
  expect(invites(line.phone)).toBe(1);
  await line.clock.advance(2_100);
  server.acceptOffer('answer');
  await line.settle();
  expect(invites(line.phone)).toBe(2);
  server.offer('of the other one');
  await line.settle();
  phone.refuseOffer(491);
  await line.clock.advance(2_050);
  expect(invites(line.server)).toBe(2);
});

test('an offer that meets 500 with Retry-After comes again: the peer is still busy with another one', async () => {
  const line = new Line();
  const [server, phone] = await line.answered();
  server.offer('one');
  await line.settle();
  phone.refuseOffer(500, [['Retry-After', '3']]);
  await line.clock.advance(4_100);
  phone.acceptOffer('answer');
  await line.settle();
  expect(line.events(server)).toEqual([{ kind: 'offer-answered', sdp: 'answer' }]);
});

test('an offer that meets 500 without Retry-After is refused for good', async () => {
  const line = new Line();
  const [server, phone] = await line.answered();
  server.offer('one');
  await line.settle();
  phone.refuseOffer(500);
  await line.settle();
  expect(line.events(server)).toEqual([{ kind: 'offer-refused', status: 500 }]);
});

test('an offer that meets 491 four times is refused for good', async () => {
  const line = new Line();
  const [server, phone] = await line.answered();
  // The phone holds an offer of its own open all the time: ours never gets through.
  line.phone.loses = (message) => summary(message) === 'INVITE';
  phone.offer('never arrives');
  server.offer('meets 491');
  await line.clock.advance(20_000);
  expect(line.server.sent.filter((each) => each === 'INVITE')).toHaveLength(4);
  expect(line.events(server)).toEqual([{ kind: 'offer-refused', status: 491 }]);
});

test('no re-offer goes out before the ACK to our 2xx is in (RFC 3261 §14.1)', async () => {
  const line = new Line();
  line.dial();
  await line.settle();
  const leg = only(line.server.invited);
  leg.answer('answer');
  leg.offer('at once');
  await line.clock.advance(LATENCY);
  expect(line.server.sent).not.toContain('INVITE');
  await line.settle();
  expect(line.server.sent).toContain('INVITE');
});

test('asked for an offer, a peer gets what it had last, and its answer comes in the ACK (RFC 3261 §14.2)', async () => {
  const line = new Line();
  const [server, phone] = await line.answered();
  phone.askOffer();
  await line.settle();
  expect(line.events(phone)).toEqual([{ kind: 'offer-made', sdp: 'answer of the server' }]);
  expect(line.phone.sent).toEqual(['INVITE']);
  phone.acceptOffer('late answer');
  await line.settle();
  expect(line.phone.sent).toEqual(['INVITE', 'ACK']);
  expect(line.phone.frames.at(-1)).toContain('late answer');
  expect(line.events(server)).toEqual([]);
});

test('a leg that ends while it owes an answer sends its ACK first', async () => {
  const line = new Line();
  const [, phone] = await line.answered();
  phone.askOffer();
  await line.settle();
  phone.end();
  await line.settle();
  expect(line.phone.sent).toEqual(['INVITE', 'ACK', 'BYE']);
});

test('an offer on a dead flow waits until the peer is back', async () => {
  const line = new Line();
  const [server, phone] = await line.answered();
  line.cut();
  server.offer('held for you');
  await line.clock.advance(5000);
  expect(line.events(server)).toEqual([]);
  line.connect();
  phone.rebind({ flow: line.phone.flow, contact: 'sip:perch@example.org' });
  server.rebind({ flow: line.server.flow, contact: 'sip:new@phone.invalid' });
  await line.settle();
  expect(line.server.frames).toContainEqual(expect.stringMatching(/^INVITE sip:new@phone.invalid SIP/));
  phone.acceptOffer('thanks');
  await line.settle();
  expect(line.events(server)).toEqual([{ kind: 'offer-answered', sdp: 'thanks' }]);
});

test('an offer under way when the flow dies goes out again on the next', async () => {
  const line = new Line();
  const [server, phone] = await line.answered();
  server.offer('lost with the flow');
  line.cut();
  line.connect();
  phone.rebind({ flow: line.phone.flow, contact: 'sip:perch@example.org' });
  server.rebind({ flow: line.server.flow, contact: 'sip:new@phone.invalid' });
  await line.settle();
  expect(line.events(phone)).toEqual([{ kind: 'offered', sdp: 'lost with the flow', method: 'INVITE' }]);
});

test("a peer's re-offer that dies with its flow leaves room for others", async () => {
  const line = new Line();
  const [server, phone] = await line.answered();
  phone.offer('lost');
  await line.settle(1);
  line.cut();
  await line.settle();
  server.acceptOffer('too late');
  line.connect();
  phone.rebind({ flow: line.phone.flow, contact: 'sip:perch@example.org' });
  server.rebind({ flow: line.server.flow, contact: 'sip:new@phone.invalid' });
  await line.settle();
  expect(line.events(server).at(-1)).toEqual({ kind: 'offered', sdp: 'lost', method: 'INVITE' });
  server.acceptOffer('in time');
  await line.settle();
  expect(line.events(phone)).toEqual([{ kind: 'offer-answered', sdp: 'in time' }]);
});

test('BYE while an offer waits for its answer: 487 for the offer, and both sides are over', async () => {
  const line = new Line();
  const [server, phone] = await line.answered();
  phone.offer('one');
  await line.settle();
  server.end();
  await line.settle();
  expect(line.server.sent).toEqual(['100 INVITE', 'BYE', '487 INVITE']);
  expect(line.events(phone).at(-1)).toEqual({ kind: 'ended', by: 'peer' });
});

test('a peer that answers nothing any more is gone', async () => {
  const line = new Line();
  const [server] = await line.answered();
  line.phone.loses = () => true;
  server.offer('anybody there?');
  await line.clock.advance(33_000);
  expect(line.events(server)).toEqual([
    { kind: 'offer-refused', status: 408 },
    { kind: 'ended', by: 'gone' },
  ]);
});

test('our answer to a re-offer that dies with its flow does not end the call', async () => {
  const line = new Line();
  const [server, phone] = await line.answered();
  phone.offer('one');
  await line.settle();
  line.phone.loses = (message) => summary(message) === 'ACK';
  server.acceptOffer('answer');
  await line.settle();
  line.cut();
  await line.clock.advance(60_000);
  expect(server.state).toBe('confirmed');
});

test('a refresh whose answer comes after BYE starts no timer again', async () => {
  const line = new Line();
  const leg = line.call();
  await line.settle();
  only(line.phone.invited).answer('answer');
  await line.settle();
  await line.clock.advance(899_000);
  while (!line.server.sent.includes('UPDATE')) await line.clock.advance(10);
  leg.end();
  await line.clock.advance(100_000);
  expect(line.clock.pending).toBe(0);
});
