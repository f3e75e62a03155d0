import { describe, expect, test } from 'vitest';
import type { FakeLeg } from '../../../sip/user-agent/support/fake-leg.ts';
import { CallHouse, idOf, offersTo, refusalOf, terminalAt } from '../support/call-house.ts';

/** Ada (101) talks with Ben (102), whose phone takes new sessions unless said otherwise. */
async function talking({ reseats = true, from = '101' } = {}) {
  const house = new CallHouse();
  const ada = house.register(from);
  const ben = house.register('102', undefined, undefined, reseats);
  const [caller, callee] = await house.connect(ada, '102');
  const [view] = house.calls.views(terminalAt(from));
  if (view === undefined) throw new Error('there is no call');
  return { house, ada, ben, caller, callee, id: view.id };
}
const labelOf = (id: string): string => `Perch-Call-ID: ${id}`;
const answersOf = (leg: FakeLeg) => leg.told('answer').map(({ sdp }) => sdp);

/** The other side's phone answers for the new session that it is called for. */
async function answer(house: CallHouse, sdp = 'answer of Ben'): Promise<FakeLeg> {
  const renewed = house.rung;
  renewed.says({ kind: 'answered', sdp, contact: renewed.target.contact });
  await house.clock.advance(0);
  return renewed;
}

describe('an INVITE with the id of a live call', () => {
  test('takes it up where the page has come back, with a new session for the other side', async () => {
    const { house, ada, caller, callee, id } = await talking();
    await house.loseFlow(ada);
    const back = house.register('101', ada.binding.key, 'sip:anew@phone.invalid', true);
    expect(house.calls.views(terminalAt('101'))).toMatchObject([{ id, here: 'away' }]);
    expect(house.calls.views(terminalAt('102'))).toMatchObject([{ id, otherSide: 'reconnecting' }]);
    const anew = house.dial(back, '102', [labelOf(id)]);
    expect(offersTo(callee)).toEqual([]);
    const renewed = await answer(house);
    expect(renewed.invitation).toMatchObject({ sdp: 'offer of the caller', from: { displayName: 'Ada' } });
    expect(answersOf(anew)).toEqual(['answer of Ben']);
    expect([caller, callee].flatMap((leg) => leg.told('end'))).toMatchObject([
      { reason: { cause: 200 } },
      { reason: { cause: 200 } },
    ]);
    expect(house.calls.views(terminalAt('101'))).toMatchObject([
      { id, here: 'here', otherSide: 'connected' },
    ]);
    await house.clock.advance(60_000);
    expect(house.calls.size).toBe(1);
    anew.says({ kind: 'ended', by: 'peer' });
    expect(renewed.told('end')).toHaveLength(1);
    expect(house.store.outcomes).toEqual(['answered']);
    expect(house.clock.pending).toBe(0);
  });

  test('takes it up though the old session is hung up meanwhile; the other side is not taken for gone', async () => {
    const { house, ada, caller, id } = await talking();
    const anew = house.dial(ada, '102', [labelOf(id)]);
    caller.says({ kind: 'ended', by: 'peer' });
    expect([house.calls.size, anew.state, house.rung.told('end')]).toEqual([1, 'early', []]);
    await answer(house);
    expect([house.calls.size, answersOf(anew)]).toEqual([1, ['answer of Ben']]);
  });

  test('finds nobody where the other side hangs up before its phone has answered', async () => {
    const { house, ada, callee, id } = await talking();
    const anew = house.dial(ada, '102', [labelOf(id)]);
    callee.says({ kind: 'ended', by: 'peer' });
    expect(house.rung.told('end')).toHaveLength(1);
    expect([house.calls.size, anew.told('end').length]).toEqual([0, 1]);
  });

  test('is a re-INVITE for a phone that takes no new sessions', async () => {
    const { house, ada, callee, id } = await talking({ reseats: false });
    const anew = house.dial(ada, '102', [labelOf(id)]);
    expect(offersTo(callee)).toEqual(['offer of the caller']);
    callee.says({ kind: 'offer-answered', sdp: 'again' });
    await house.clock.advance(0);
    expect([answersOf(anew), callee.told('end')]).toEqual([['again'], []]);
  });

  test('brings it along where its extension speaks now, and the records keep who talks', async () => {
    const { house, ada, caller, callee, id } = await talking();
    const station = house.register('201', undefined, undefined, true);
    house.move({ '101': '201' });
    const anew = house.dial(station, '102', [labelOf(id)]);
    const renewed = await answer(house);
    expect(answersOf(anew)).toEqual(['answer of Ben']);
    expect(caller.told('end')).toMatchObject([{ reason: { cause: 200 } }]);
    expect(callee.told('end')).toHaveLength(1);
    expect(house.calls.views(ada.binding.terminal)).toMatchObject([{ id, here: 'left' }]);
    expect(house.calls.views(station.binding.terminal)).toMatchObject([
      { id, here: 'here', as: { number: '101' }, with: { number: '102' }, direction: 'outgoing' },
    ]);
    expect(house.store.saved.at(-1)).toMatchObject({
      caller: { terminal: terminalAt('201'), number: '101' },
    });
    renewed.says({ kind: 'ended', by: 'peer' });
    expect(anew.told('end')).toHaveLength(1);
  });

  test('is offered to a person who has moved, for as long as their call is elsewhere', async () => {
    const { house, callee, id } = await talking();
    house.register('201', undefined, undefined, true);
    const seen = () => house.calls.views(terminalAt('201'));
    expect(seen()).toEqual([]);
    house.move({ '101': '201' });
    expect(seen()).toMatchObject([{ id, here: 'elsewhere', with: { number: '102' }, as: { number: '101' } }]);
    expect(house.calls.views(terminalAt('101'))).toMatchObject([{ id, here: 'here' }]);
    house.changed.splice(0);
    callee.says({ kind: 'ended', by: 'peer' });
    expect(house.changed).toContain(terminalAt('201'));
    expect(seen()).toEqual([]);
  });

  test('leaves a phone that says where the call goes on, until it is over there, or its owner is back', async () => {
    const { house, id } = await talking();
    const station = house.register('201', undefined, undefined, true);
    const left = () => house.calls.views(terminalAt('101'));
    house.move({ '101': '201' });
    const anew = house.dial(station, '102', [labelOf(id)]);
    house.changed.splice(0);
    await answer(house);
    anew.says({ kind: 'acknowledged' });
    expect(house.changed).toContain(terminalAt('101'));
    expect(left()).toMatchObject([{ id, here: 'left', parked: null, with: { number: '102' } }]);
    // Where the owner has gone on without it, nobody could tell where it is.
    house.move({ '101': '103' });
    expect(left()).toEqual([]);
    // A guest there learns nothing of it.
    house.move({ '101': '201', '104': '101' });
    expect(left()).toEqual([]);
    house.move({ '101': '201' });
    expect(left()).toMatchObject([{ here: 'left' }]);
    house.changed.splice(0);
    anew.says({ kind: 'ended', by: 'peer' });
    expect(house.changed).toContain(terminalAt('101'));
    expect(left()).toEqual([]);
  });

  test('that is given up leaves the call where it was', async () => {
    const { house, ada, caller, callee, id } = await talking();
    const station = house.register('201', undefined, undefined, true);
    house.move({ '101': '201' });
    const anew = house.dial(station, '102', [labelOf(id)]);
    const renewed = house.rung;
    anew.says({ kind: 'cancelled' });
    renewed.says({ kind: 'failed', status: 487 });
    expect(renewed.told('withdraw')).toHaveLength(1);
    expect([caller.told('end'), callee.told('end')]).toEqual([[], []]);
    expect(house.calls.views(ada.binding.terminal)).toMatchObject([{ id, here: 'here' }]);
  });

  test('that is given up while it is being stored leaves the call with its old leg, at its old terminal', async () => {
    const { house, caller, callee, id } = await talking();
    const station = house.register('201', undefined, undefined, true);
    house.move({ '101': '201' });
    const anew = house.dial(station, '102', [labelOf(id)]);
    house.store.held = [];
    const renewed = await answer(house);
    anew.says({ kind: 'cancelled' });
    for (const last of house.store.held) last();
    await house.clock.advance(0);
    renewed.says({ kind: 'offer-made', sdp: 'again' });
    caller.says({ kind: 'offer-answered', sdp: 'as before' });
    expect([caller.told('end'), callee.told('end').length]).toEqual([[], 1]);
    expect(house.store.saved.at(-1)).toMatchObject({ caller: { terminal: terminalAt('101') } });
  });

  test('has to wait while something else is being agreed', async () => {
    const { house, ada, callee, id } = await talking();
    callee.says({ kind: 'offered', sdp: 'hold', method: 'INVITE' });
    expect(refusalOf(house.dial(ada, '102', [labelOf(id)]))?.[0]).toBe(491);
  });
});

describe('nobody else’s call is taken up', () => {
  test.each([
    ['by a third phone', '103', {}],
    ['by a station where nobody is', '201', {}],
    ['by a station where somebody else is', '201', { '103': '201' }],
    ['by a phone whose own extension speaks elsewhere', '103', { '103': '201' }],
  ] as const)('%s', async (_, number, where) => {
    const { house, caller, callee, id } = await talking();
    const thief = house.register(number, undefined, undefined, true);
    house.move(where);
    expect(refusalOf(house.dial(thief, '102', [labelOf(id)]))?.[0]).toBe(481);
    expect([caller.told('end'), callee.told('end'), offersTo(callee)]).toEqual([[], [], []]);
  });

  test('by those at whose phone the person was, once the person has left', async () => {
    const { house, id } = await talking();
    const station = house.register('201', undefined, undefined, true);
    house.move({ '101': '201' });
    house.move({});
    expect(refusalOf(house.dial(station, '102', [labelOf(id)]))?.[0]).toBe(481);
  });

  test('while it rings, once it is over, or where there is none', async () => {
    const { house, ada, caller, id } = await talking();
    caller.says({ kind: 'ended', by: 'peer' });
    house.register('103');
    const ringing = house.dial(ada, '103');
    const [view] = house.calls.views(terminalAt('101'));
    const ids = [id, view?.id ?? '', 'nonsense', ''];
    expect(ids.map((each) => refusalOf(house.dial(ada, '102', [labelOf(each)]))?.[0])).toEqual([
      481, 481, 481, 481,
    ]);
    expect(ringing.told('reject')).toEqual([]);
  });

  test('nor is an emergency call taken away from its terminal', async () => {
    const house = new CallHouse();
    const [ada, station] = [house.register('101'), house.register('201')];
    house.register('112', undefined, undefined, true);
    const [caller] = await house.connect(ada, '112');
    const id = house.calls.views(terminalAt('101'))[0]?.id ?? '';
    house.move({ '101': '201' });
    expect(house.calls.views(terminalAt('201'))).toEqual([]);
    expect(refusalOf(house.dial(station, '102', [labelOf(id)]))?.[0]).toBe(481);
    expect(caller.told('end')).toEqual([]);
  });
});

describe('a page that is loaded anew', () => {
  test('has its call for 30 s from then on, if it takes new sessions', async () => {
    const { house, ada, caller, callee } = await talking();
    house.register('101', ada.binding.key, 'sip:anew@phone.invalid', true);
    await house.clock.advance(29_999);
    expect(callee.told('end')).toEqual([]);
    await house.clock.advance(1);
    expect([caller.told('end').length, callee.told('end').length]).toEqual([1, 1]);
    expect(house.calls.busy(idOf('101'))).toBe(false);
  });
});

describe('while the other side is away, too', () => {
  const sessionOf = (leg: string): string => `v=0\r\no=${leg}\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n`;

  test('both pages are loaded anew at once: the first one is answered by the server, the second joins the two', async () => {
    const { house, ada, ben, id } = await talking();
    await house.loseFlow(ada);
    await house.loseFlow(ben);
    const adaAgain = house.register('101', ada.binding.key, 'sip:anew@phone.invalid', true);
    const benAgain = house.register('102', ben.binding.key, 'sip:again@phone.invalid', true);
    const adas = house.dial(adaAgain, '102', [labelOf(id)], sessionOf);
    await house.clock.advance(0);
    const host = house.media.last;
    expect(host.offers).toEqual([adas.sdp]);
    expect(adas.told('answer')).toHaveLength(1);
    expect(house.calls.views(terminalAt('101'))).toMatchObject([{ here: 'here', otherSide: 'reconnecting' }]);
    const bens = house.dial(benAgain, '101', [labelOf(id)], sessionOf);
    const renewed = await answer(house);
    expect(renewed.invitation).toMatchObject({ sdp: bens.sdp });
    expect([answersOf(bens), adas.told('end').length, host.closedAs]).toEqual([
      ['answer of Ben'],
      1,
      'local',
    ]);
    await house.clock.advance(60_000);
    for (const number of ['101', '102'])
      expect(house.calls.views(terminalAt(number))).toMatchObject([
        { id, here: 'here', otherSide: 'connected' },
      ]);
    renewed.says({ kind: 'ended', by: 'peer' });
    expect([house.calls.size, house.clock.pending]).toEqual([0, 0]);
  });

  test('the other phone comes back as it was: the two are joined then', async () => {
    const { house, ada, ben, callee, id } = await talking({ reseats: false });
    await house.loseFlow(ben);
    const adas = house.dial(ada, '102', [labelOf(id)], sessionOf);
    await house.clock.advance(0);
    expect(adas.told('answer')).toHaveLength(1);
    expect(offersTo(callee)).toEqual([]);
    house.register('102', ben.binding.key, ben.binding.contact);
    expect(adas.told('ask-offer')).toHaveLength(1);
    adas.says({ kind: 'offer-made', sdp: 'from Ada' });
    expect(offersTo(callee)).toEqual(['from Ada']);
    callee.says({ kind: 'offer-answered', sdp: 'from Ben' });
    await house.clock.advance(0);
    expect(adas.told('accept-offer')).toMatchObject([{ sdp: 'from Ben' }]);
    expect(house.media.last.closedAs).toBe('local');
  });

  test('the other side does not come back: the call ends 30 s after it was lost, and nothing is left of it', async () => {
    const { house, ada, ben, id } = await talking();
    await house.loseFlow(ben);
    await house.clock.advance(20_000);
    const adas = house.dial(ada, '102', [labelOf(id)], sessionOf);
    await house.clock.advance(10_000);
    expect(adas.told('end')).toHaveLength(1);
    expect([house.calls.size, house.clock.pending, house.media.last.closedAs]).toEqual([0, 0, 'local']);
  });

  test('an offer that the server cannot answer is refused, and the call waits on', async () => {
    const { house, ada, ben, id } = await talking();
    await house.loseFlow(ben);
    const adas = house.dial(ada, '102', [labelOf(id)]);
    await house.clock.advance(0);
    expect(refusalOf(adas)?.[0]).toBe(488);
    expect(house.calls.size).toBe(1);
  });

  test('its page is loaded anew while it is asked to hold: the offer comes again, and the server answers', async () => {
    const { house, ben, caller } = await talking();
    caller.says({ kind: 'offered', sdp: sessionOf('hold'), method: 'INVITE' });
    await house.loseFlow(ben);
    house.register('102', ben.binding.key, 'sip:again@phone.invalid', true);
    expect(caller.told('refuse-offer')).toMatchObject([{ status: 491 }]);
    caller.says({ kind: 'offered', sdp: sessionOf('hold'), method: 'INVITE' });
    await house.clock.advance(0);
    expect(caller.told('accept-offer')).toHaveLength(1);
  });
});
