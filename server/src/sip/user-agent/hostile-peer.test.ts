import { expect, test } from 'vitest';
import { RawPhone, request, response } from './support/raw-phone.ts';

test('BYE with a low CSeq is 500, and the call goes on (RFC 3261 §12.2.2)', async () => {
  const phone = new RawPhone();
  const tag = await phone.call({ sequence: 7 });
  phone.flow.receive(request({ method: 'BYE', tag, sequence: 6 }));
  await phone.settle();
  expect(phone.summaries()).toEqual(['500 BYE']);
  expect(phone.events).toEqual([]);
  expect(phone.invited[0]?.state).toBe('confirmed');
});

test('JsSIP repeats a CSeq number with a new branch after 491: it is taken', async () => {
  const phone = new RawPhone();
  const tag = await phone.call();
  phone.invited[0]?.offer('ours');
  await phone.settle();
  const [ours] = phone.heard();
  phone.flow.receive(request({ method: 'INVITE', tag, sequence: 2, body: 'theirs' }));
  expect(phone.summaries()).toEqual(['491 INVITE']);
  phone.flow.receive(response(ours, 200, { body: 'answer' }));
  phone.flow.receive(request({ method: 'INVITE', tag, sequence: 2, body: 'theirs' }));
  await phone.settle();
  expect(phone.events).toEqual([
    { kind: 'offer-answered', sdp: 'answer' },
    { kind: 'offered', sdp: 'theirs', method: 'INVITE' },
  ]);
});

test.for([['BYE'], ['INVITE'], ['INFO'], ['REFER'], ['UPDATE'], ['MESSAGE'], ['NOTIFY']])(
  '%s from the flow of another account is 481, with the right tags too',
  async ([method = '']) => {
    const phone = new RawPhone();
    const tag = await phone.call();
    const intruder = phone.connect('198.51.100.66');
    intruder.receive(request({ method, tag, sequence: 2, body: 'x' }));
    await phone.settle();
    expect(intruder.sent.map((frame) => frame.slice(8, 11))).toEqual(['481']);
    expect(phone.events).toEqual([]);
  },
);

test.for<[name: string, wrong: object]>([
  ['another From tag', { from: '<sip:102@example.org>;tag=guess' }],
  ['another Call-ID', { callId: 'guess' }],
])('a request with our tag but %s is 481', async ([, wrong]) => {
  const phone = new RawPhone();
  const tag = await phone.call();
  phone.flow.receive(request({ method: 'BYE', tag, sequence: 2, ...wrong }));
  expect(phone.summaries()).toEqual(['481 BYE']);
});

test('an ACK of another account acknowledges nothing', async () => {
  const phone = new RawPhone();
  phone.flow.receive(request({ method: 'INVITE', body: 'offer' }));
  phone.invited[0]?.answer('answer');
  const tag = phone.heard().at(-1)?.essentials.to.tag ?? '';
  phone.connect('198.51.100.66').receive(request({ method: 'ACK', tag }));
  await phone.settle();
  expect(phone.events).toEqual([]);
});

test('the same INVITE under another branch is a loop (RFC 3261 §8.2.2.2)', () => {
  const phone = new RawPhone();
  phone.flow.receive(request({ method: 'INVITE', body: 'offer' }));
  phone.flow.receive(request({ method: 'INVITE', body: 'offer' }));
  expect(phone.summaries()).toEqual(['100 INVITE', '482 INVITE']);
  expect(phone.invited).toHaveLength(1);
});

test('the 201st open INVITE of one flow is 503, and there is room again once one is over', () => {
  const phone = new RawPhone();
  const invite = (id: number) => {
    phone.flow.receive(request({ method: 'INVITE', callId: String(id), body: 'offer' }));
  };
  for (let id = 0; id < 201; id += 1) invite(id);
  expect(phone.summaries().at(-1)).toBe('503 INVITE');
  phone.invited[0]?.reject(486);
  phone.heard();
  invite(202);
  expect(phone.summaries()).toEqual(['100 INVITE']);
});

test('a second 2xx, of another fork, is acknowledged and ended; the call goes on', async () => {
  const phone = new RawPhone();
  const leg = phone.watch(invite(phone));
  const [ours] = phone.heard();
  phone.flow.receive(response(ours, 200, { tag: 'one', body: 'answer' }));
  phone.flow.receive(response(ours, 200, { tag: 'two', body: 'answer' }));
  const heard = phone.heard();
  expect(heard.map(({ essentials }) => `${essentials.cseq.method} ${essentials.to.tag ?? ''}`)).toEqual([
    'ACK one',
    'ACK two',
    'BYE two',
  ]);
  phone.flow.receive(response(heard[2], 481));
  await phone.settle();
  expect(leg.state).toBe('confirmed');
  expect(phone.events).toHaveLength(1);
});

test('a 2xx that comes again gets its ACK again', () => {
  const phone = new RawPhone();
  invite(phone);
  const [ours] = phone.heard();
  const ok = response(ours, 200, { body: 'answer' });
  phone.flow.receive(ok);
  phone.flow.receive(ok);
  expect(phone.summaries()).toEqual(['ACK', 'ACK']);
});

test('a 2xx without SDP makes no call: ACK, BYE', async () => {
  const phone = new RawPhone();
  invite(phone);
  const [ours] = phone.heard();
  phone.flow.receive(response(ours, 200));
  await phone.settle();
  expect(phone.summaries()).toEqual(['ACK', 'BYE']);
  expect(phone.events).toEqual([{ kind: 'failed', status: 488 }]);
});

test('a challenge of a callee is never answered', async () => {
  const phone = new RawPhone();
  invite(phone);
  const [ours] = phone.heard();
  phone.flow.receive(response(ours, 407, { fields: 'Proxy-Authenticate: Digest realm="x", nonce="y"\r\n' }));
  await phone.settle();
  expect(phone.summaries()).toEqual(['ACK']);
  expect(phone.events).toEqual([{ kind: 'failed', status: 407 }]);
});

test('a second re-INVITE before the first is answered is 500 with Retry-After (RFC 3261 §14.2)', async () => {
  const phone = new RawPhone();
  const tag = await phone.call();
  phone.flow.receive(request({ method: 'INVITE', tag, sequence: 2, body: 'one' }));
  phone.flow.receive(request({ method: 'INVITE', tag, sequence: 3, body: 'two' }));
  const heard = phone.heard();
  expect(heard.map(({ headers }) => headers.get('retry-after'))).toEqual([
    undefined,
    expect.stringMatching(/^\d+$/),
  ]);
});

test('a re-INVITE that the peer cancels gets 487, and the call goes on', async () => {
  const phone = new RawPhone();
  const tag = await phone.call();
  phone.flow.receive(request({ method: 'INVITE', tag, sequence: 2, branch: 'z9hG4bKc', body: 'one' }));
  phone.flow.receive(request({ method: 'CANCEL', tag, sequence: 2, branch: 'z9hG4bKc' }));
  expect(phone.summaries()).toEqual(['100 INVITE', '200 CANCEL', '487 INVITE']);
  phone.flow.receive(request({ method: 'ACK', tag, sequence: 2, branch: 'z9hG4bKc' }));
  phone.flow.receive(request({ method: 'INVITE', tag, sequence: 3, body: 'two' }));
  await phone.settle();
  expect(phone.events.at(-1)).toEqual({ kind: 'offered', sdp: 'two', method: 'INVITE' });
});

test('an offer in UPDATE is answered in its 200, and no ACK is waited for', async () => {
  const phone = new RawPhone();
  const tag = await phone.call();
  phone.flow.receive(request({ method: 'UPDATE', tag, sequence: 2, body: 'offer' }));
  await phone.settle();
  expect(phone.events).toEqual([{ kind: 'offered', sdp: 'offer', method: 'UPDATE' }]);
  phone.invited[0]?.acceptOffer('answer');
  phone.invited[0]?.offer('and one of ours');
  const [ok, invite] = phone.heard();
  expect(ok?.body).toBe('answer');
  expect(invite?.essentials.cseq.method).toBe('INVITE');
});

test('UPDATE with an offer before the first is answered: 500', () => {
  const phone = new RawPhone();
  phone.flow.receive(request({ method: 'INVITE', body: 'offer' }));
  phone.invited[0]?.progress(180);
  const tag = phone.heard().at(-1)?.essentials.to.tag ?? '';
  phone.flow.receive(request({ method: 'UPDATE', tag, sequence: 2, body: 'offer' }));
  expect(phone.summaries()).toEqual(['500 UPDATE']);
});

test('a caller that says BYE before the answer has given up', async () => {
  const phone = new RawPhone();
  phone.flow.receive(request({ method: 'INVITE', body: 'offer' }));
  phone.invited[0]?.progress(180);
  const tag = phone.heard().at(-1)?.essentials.to.tag ?? '';
  phone.flow.receive(request({ method: 'BYE', tag, sequence: 2 }));
  await phone.settle();
  expect(phone.summaries()).toEqual(['200 BYE', '487 INVITE']);
  expect(phone.events).toEqual([{ kind: 'cancelled' }]);
});

test.for<[what: string, fields: string, expires: string | undefined]>([
  ["JsSIP's 90 s grow, and we refresh", 'Session-Expires: 90\r\nSupported: timer\r\n', '1800;refresher=uas'],
  ['a caller that wants to refresh may', 'Session-Expires: 600;refresher=uac\r\n', '600;refresher=uac'],
  ['SIP.js has no timers and gets none', 'Supported: outbound\r\n', undefined],
])('%s', ([, fields, expires]) => {
  const phone = new RawPhone();
  phone.flow.receive(request({ method: 'INVITE', body: 'offer', fields }));
  phone.invited[0]?.answer('answer');
  expect(phone.heard().at(-1)?.headers.get('session-expires')).toBe(expires);
});

test('a bodyless UPDATE is answered with the terms of the timer', async () => {
  const phone = new RawPhone();
  const tag = await phone.call({ fields: 'Session-Expires: 90\r\nSupported: timer\r\n' });
  phone.flow.receive(
    request({ method: 'UPDATE', tag, sequence: 2, fields: 'Session-Expires: 1800;refresher=uas\r\n' }),
  );
  const [ok] = phone.heard();
  expect(ok?.headers.get('session-expires')).toBe('1800;refresher=uas');
  expect(ok?.headers.get('contact')).toBe('<sip:perch@example.org;transport=ws>');
});

test('a peer without UPDATE is refreshed by the previous offer, and the call hears nothing of it', async () => {
  const phone = new RawPhone();
  await phone.call({ fields: 'Session-Expires: 90\r\nSupported: timer\r\nAllow: INVITE, ACK, BYE\r\n' });
  await phone.clock.advance(900_000);
  const [invite] = phone.heard();
  expect(invite?.body).toBe('answer');
  phone.flow.receive(
    response(invite, 200, { body: 'offer', fields: 'Session-Expires: 1800;refresher=uac\r\n' }),
  );
  await phone.settle();
  expect(phone.summaries()).toEqual(['ACK']);
  expect(phone.events).toEqual([]);
});

test('REFER: 202, then NOTIFY 100, then what the call says, with the id of the REFER', async () => {
  const phone = new RawPhone();
  const tag = await phone.call();
  const referTo = 'Refer-To: <sip:103@example.org?Replaces=c%3Bto-tag%3Dt%3Bfrom-tag%3Df>\r\n';
  phone.flow.receive(request({ method: 'REFER', tag, sequence: 5, fields: referTo }));
  await phone.settle();
  expect(phone.events).toEqual([
    expect.objectContaining({
      kind: 'refer',
      id: 5,
      referTo: expect.objectContaining({
        uri: 'sip:103@example.org',
        replaces: { callId: 'c', toTag: 't', fromTag: 'f', earlyOnly: false },
      }),
    }),
  ]);
  const leg = phone.invited[0];
  leg?.acceptRefer(5);
  leg?.referProgress(5, 180);
  leg?.referProgress(5, 200);
  leg?.referProgress(5, 200);
  const [accepted, ...notifies] = phone.heard();
  expect(accepted?.kind === 'response' ? accepted.status : 0).toBe(202);
  expect(notifies.map(({ body }) => body.trimEnd())).toEqual([
    'SIP/2.0 100 Trying',
    'SIP/2.0 180 Ringing',
    'SIP/2.0 200 OK',
  ]);
  expect(new Set(notifies.map(({ headers }) => headers.get('event')))).toEqual(new Set(['refer;id=5']));
  expect(notifies.map(({ headers }) => headers.get('subscription-state'))).toEqual([
    'active;expires=60',
    'active;expires=60',
    'terminated;reason=noresource',
  ]);
});

test('a refused REFER makes no subscription; a malformed one never gets so far', async () => {
  const phone = new RawPhone();
  const tag = await phone.call();
  phone.flow.receive(
    request({ method: 'REFER', tag, sequence: 2, fields: 'Refer-To: <sip:103@example.org>\r\n' }),
  );
  phone.invited[0]?.refuseRefer(2, 403);
  phone.invited[0]?.referProgress(2, 200);
  phone.flow.receive(request({ method: 'REFER', tag, sequence: 3 }));
  await phone.settle();
  expect(phone.summaries()).toEqual(['403 REFER', '400 REFER']);
});

test('an undecided REFER is answered when the leg is over', async () => {
  const phone = new RawPhone();
  const tag = await phone.call();
  phone.flow.receive(
    request({ method: 'REFER', tag, sequence: 2, fields: 'Refer-To: <sip:103@example.org>\r\n' }),
  );
  phone.flow.receive(request({ method: 'BYE', tag, sequence: 3 }));
  expect(phone.summaries()).toEqual(['200 BYE', '481 REFER']);
});

test('an exception while an INVITE is presented is 500, and the leg is forgotten', () => {
  const phone = new RawPhone();
  phone.invited.push = () => {
    throw new Error('a mistake of ours');
  };
  phone.flow.receive(request({ method: 'INVITE', body: 'offer' }));
  expect(phone.summaries()).toEqual(['100 INVITE', '500 INVITE']);
  expect([...phone.agent.legs()]).toEqual([]);
});

function invite(phone: RawPhone) {
  return phone.watch(
    phone.agent.invite({
      target: { flow: phone.flow, contact: 'sip:x@y.invalid;transport=ws' },
      from: { uri: 'sip:101@example.org' },
      to: { uri: 'sip:102@example.org' },
      sdp: 'offer',
    }),
  );
}
