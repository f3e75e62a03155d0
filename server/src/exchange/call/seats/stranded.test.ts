import { describe, expect, test } from 'vitest';
import type { FakeLeg } from '../../../sip/user-agent/support/fake-leg.ts';
import { CallHouse, offersTo, type Phone, terminalAt } from '../support/call-house.ts';

/** A description with that ufrag: of a browser, or of a phone that is none. */
const sdpOf = (ufrag: string, isBrowser = false): string =>
  [
    'v=0',
    `o=- ${ufrag} 1 IN IP4 0.0.0.0`,
    ...(isBrowser ? ['a=ice-options:trickle'] : []),
    'm=audio 9 UDP/TLS/RTP/SAVPF 111',
    `a=ice-ufrag:${ufrag}`,
    'a=fingerprint:sha-256 AA',
    'a=sendrecv',
    '',
  ].join('\r\n');

/** Ada's page has called Ben's phone, which is no browser. */
async function talking(bens = sdpOf('ben')) {
  const house = new CallHouse();
  const ada = house.register('101', undefined, undefined, true);
  const ben = house.register('102');
  const chloe = house.register('103', undefined, undefined, true);
  const caller = house.dial(ada, '102', [], () => sdpOf('ada', true));
  const callee = house.rung;
  callee.says({ kind: 'answered', sdp: bens, contact: callee.target.contact });
  await house.clock.advance(0);
  return { house, ada, ben, chloe, caller, callee };
}

/** Ada sends Ben to Chloe, whose page answers; then whatever the phones are asked for. */
async function sendToChloe(house: CallHouse, caller: FakeLeg, callee: FakeLeg, bens: string) {
  caller.says({
    kind: 'refer',
    id: 1,
    referTo: { uri: 'sip:103@example.org', displayName: '', replaces: undefined },
  });
  const target = house.rung;
  target.says({ kind: 'answered', sdp: sdpOf('chloe', true), contact: target.target.contact });
  await house.clock.advance(0);
  if (target.told('ask-offer').length > 0) {
    target.says({ kind: 'offer-made', sdp: sdpOf('chloe2', true) });
    await house.clock.advance(0);
    callee.says({ kind: 'offer-answered', sdp: bens });
  } else {
    callee.says({ kind: 'offer-made', sdp: bens });
    target.says({ kind: 'offer-answered', sdp: sdpOf('chloe2', true) });
  }
  await house.clock.advance(0);
  return target;
}
const recalls = (leg: FakeLeg): readonly string[] => leg.told('refer').map(({ uri }) => uri);
const idAt = (house: CallHouse, phone: Phone): string =>
  house.calls.views(phone.binding.terminal).map(({ id }) => id)[0] ?? '';

describe('a phone whose path stays with the peer before', () => {
  test('is asked to call once more, and goes on in that session', async () => {
    const { house, ben, caller, callee } = await talking();
    expect(recalls(callee)).toEqual([]);
    const target = await sendToChloe(house, caller, callee, sdpOf('ben'));
    const id = idAt(house, ben);
    expect(recalls(callee)).toEqual([`sip:${id}@example.org`]);

    const anew = house.dial(ben, `${id}@example.org`, [], () => sdpOf('ben2'));
    const renewed = house.rung;
    expect(renewed.invitation?.sdp).toBe(sdpOf('ben2'));
    renewed.says({ kind: 'answered', sdp: sdpOf('chloe3', true), contact: renewed.target.contact });
    await house.clock.advance(0);
    expect(anew.told('answer')).toMatchObject([{ sdp: sdpOf('chloe3', true) }]);
    for (const leg of [callee, target]) expect(leg.told('end')).toHaveLength(1);
    expect(recalls(anew)).toEqual([]);
    expect(house.calls.views(terminalAt('103'))).toMatchObject([{ id, with: { number: '102' } }]);
  });

  test('is left alone once it has been asked: it may refuse', async () => {
    const { house, caller, callee } = await talking();
    const target = await sendToChloe(house, caller, callee, sdpOf('ben'));
    target.says({ kind: 'offered', sdp: sdpOf('chloe2', true), method: 'INVITE' });
    callee.says({ kind: 'offer-answered', sdp: sdpOf('ben') });
    await house.clock.advance(0);
    expect(recalls(callee)).toHaveLength(1);
  });

  test('is found where the offer was its peer’s: a page has another network', async () => {
    const { house, caller, callee } = await talking();
    caller.says({ kind: 'offered', sdp: sdpOf('ada2', true), method: 'INVITE' });
    callee.says({ kind: 'offer-answered', sdp: sdpOf('ben') });
    await house.clock.advance(0);
    expect(recalls(callee)).toHaveLength(1);
  });
});

test.each([
  ['restarts ICE', sdpOf('ben'), sdpOf('ben2')],
  ['is a browser', sdpOf('ben', true), sdpOf('ben', true)],
])('a phone that %s goes on as it is', async (_, first, then) => {
  const { house, caller, callee } = await talking(first);
  await sendToChloe(house, caller, callee, then);
  expect(recalls(callee)).toEqual([]);
});

test('it is offered what it is joined with, and a browser is asked for its offer', async () => {
  const phone = await talking();
  const asked = await sendToChloe(phone.house, phone.caller, phone.callee, sdpOf('ben'));
  expect([asked.told('ask-offer'), offersTo(phone.callee)]).toMatchObject([[{}], [sdpOf('chloe2', true)]]);
  const browser = await talking(sdpOf('ben', true));
  const offered = await sendToChloe(browser.house, browser.caller, browser.callee, sdpOf('ben', true));
  expect([browser.callee.told('ask-offer'), offersTo(offered)]).toMatchObject([[{}], [sdpOf('ben', true)]]);
});

test('a phone that has been put on hold and back goes on as it is', async () => {
  const { house, caller, callee } = await talking();
  caller.says({ kind: 'offered', sdp: sdpOf('ada', true).replace('sendrecv', 'sendonly'), method: 'INVITE' });
  callee.says({ kind: 'offer-answered', sdp: sdpOf('ben').replace('sendrecv', 'recvonly') });
  await house.clock.advance(0);
  expect([recalls(callee), offersTo(callee)]).toMatchObject([[], [expect.stringContaining('sendonly')]]);
});
