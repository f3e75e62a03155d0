import { WITHHELD } from '@perch/shared';
import { expect, test } from 'vitest';
import type { FakeLeg } from '../../../sip/user-agent/support/fake-leg.ts';
import { CallHouse, idOf, offersTo, refusalOf, terminalAt } from '../support/call-house.ts';

const SDP = 'm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=fingerprint:sha-256 AA\r\na=sendrecv\r\n';
const parkIt = {
  kind: 'refer',
  id: 7,
  referTo: { uri: 'sip:*68@example.org', displayName: undefined, replaces: undefined },
} as const;

const answer = (leg: FakeLeg) => {
  leg.says({ kind: 'answered', sdp: SDP, contact: leg.target.contact });
};

/** Ada has called Ben, and parks him; phones take new sessions unless told otherwise. */
async function parking(reseats = true, fields: readonly string[] = []) {
  const house = new CallHouse();
  const ada = house.register('101', 'ada', 'sip:ada@x.invalid', true);
  house.register('102', 'ben', 'sip:ben@x.invalid', reseats);
  const chloe = house.register('103', 'chloe', 'sip:chloe@x.invalid', true);
  const [referrer, old] = await house.connect(ada, '102', fields);
  referrer.says(parkIt);
  await house.clock.advance(0);
  return { house, ada, chloe, referrer, old };
}

async function parked() {
  const set = await parking();
  const waiting = set.house.rung;
  answer(waiting);
  await set.house.clock.advance(0);
  return { ...set, waiting };
}

const views = (house: CallHouse, number: string) => house.calls.views(terminalAt(number));

test('a call that is transferred to *68 waits in a slot with music, and the one who parked it sees which', async () => {
  const { house, referrer, old, waiting } = await parked();
  expect(referrer.told('refer-progress')).toMatchObject([
    { id: 7, status: 200, text: 'Parked, *691 picks it up' },
  ]);
  expect(referrer.told('end')).toMatchObject([{ reason: { cause: 200, text: 'Parked, *691 picks it up' } }]);
  expect([referrer.told('end').length, old.told('end').length, waiting.told('end').length]).toEqual([
    1, 1, 0,
  ]);
  expect(house.media.last.playing).toEqual(['hold-music']);
  expect(views(house, '101')).toMatchObject([
    { parked: '1', with: { number: '102' }, as: { number: '101' } },
  ]);
  expect(views(house, '102')).toMatchObject([{ parked: '1', state: 'talking', with: { number: '101' } }]);
  expect([house.calls.busy(idOf('101')), house.calls.busy(idOf('102'))]).toEqual([false, true]);
});

test('everyone sees who waits in which slot, and who has parked them, until they are picked up', async () => {
  const { house, chloe, old } = await parking();
  expect([[...house.calls.parked.all()], house.slotChanges]).toEqual([[], []]);
  answer(house.rung);
  await house.clock.advance(0);
  const [ada, ben] = [
    { number: '101', name: 'Ada' },
    { number: '102', name: 'Ben' },
  ];
  const shown = { number: '1', with: ben, by: ada, since: house.clock.now() };
  expect([[...house.calls.parked.all()], house.calls.parked.at('1')]).toEqual([[shown], shown]);
  expect(house.slotChanges).toEqual(['1']);
  expect(old.told('end')).toHaveLength(1);
  house.dial(chloe, '*691');
  answer(house.rung);
  await house.clock.advance(0);
  expect([house.calls.parked.at('1'), house.slotChanges]).toEqual([undefined, ['1', '1']]);
});

test('who has parked a call after withholding their number is named to nobody: the one who waits sees the list, too', async () => {
  const { house } = await parking(true, ['Privacy: id']);
  answer(house.rung);
  await house.clock.advance(0);
  expect(house.calls.parked.at('1')).toMatchObject({ with: { name: 'Ben' }, by: WITHHELD });
});

test('a call that cannot be parked is in no slot that anyone is told of', async () => {
  const { house, old } = await parking();
  house.rung.says({ kind: 'failed', status: 488 });
  old.says({ kind: 'offer-refused', status: 488 });
  await house.clock.advance(0);
  expect([[...house.calls.parked.all()], house.slotChanges]).toEqual([[], []]);
});

test('the one who parked it sees it where they are now, and nobody else there does', async () => {
  const { house } = await parked();
  house.register('201', 'desk', 'sip:desk@x.invalid');
  house.move({ 101: '201' });
  expect(views(house, '101')).toEqual([]);
  expect(views(house, '201')).toMatchObject([{ parked: '1', as: { number: '101' }, here: 'left' }]);
  house.move({});
  expect(views(house, '201')).toEqual([]);
  expect(views(house, '101')).toMatchObject([{ parked: '1' }]);
});

test('who waits loses the line: the one who parked them is told so, and is not thought to have lost it', async () => {
  const house = new CallHouse();
  house.register('101', 'ada', 'sip:ada@x.invalid', true);
  const ben = house.register('102', 'ben', 'sip:ben@x.invalid', true);
  const [, referrer] = await house.connect(ben, '101');
  referrer.says(parkIt);
  await house.clock.advance(0);
  answer(house.rung);
  await house.clock.advance(0);
  await house.loseFlow(ben);
  expect(views(house, '101')).toMatchObject([{ parked: '1', here: 'left', otherSide: 'reconnecting' }]);
});

test('who waits has somebody else wait in their place: these are shown, and picked up', async () => {
  const { house, waiting, chloe } = await parked();
  const dev = house.register('104', 'dev', 'sip:dev@x.invalid', true);
  const ben = house.register('102', 'ben', 'sip:ben@x.invalid', true);
  const [asked] = await house.connect(ben, '103');
  asked.says({
    kind: 'refer',
    id: 8,
    referTo: {
      uri: 'sip:*68@example.org',
      displayName: undefined,
      replaces: {
        callId: `call-${waiting.id}`,
        toTag: `local-${waiting.id}`,
        fromTag: `remote-${waiting.id}`,
        earlyOnly: false,
      },
    },
  });
  await house.clock.advance(0);
  answer(house.rung);
  await house.clock.advance(0);
  expect([...house.calls.parked.all()]).toMatchObject([{ number: '1', with: { number: '103' } }]);
  expect(views(house, '101')).toMatchObject([{ parked: '1', with: { number: '103' } }]);
  const picking = house.dial(dev, '*691');
  await house.clock.advance(0);
  expect(house.rung.target.flow).toBe(chloe.flow);
  answer(house.rung);
  await house.clock.advance(0);
  expect(picking.told('answer')).toHaveLength(1);
  expect([...house.calls.parked.all()]).toEqual([]);
  expect(views(house, '101')).toEqual([]);
});

test('a station without a guest picks up what it has parked itself', async () => {
  const house = new CallHouse();
  const desk = house.register('201', 'desk', 'sip:desk@x.invalid', true);
  house.register('102', 'ben', 'sip:ben@x.invalid', true);
  const [referrer] = await house.connect(desk, '102');
  referrer.says(parkIt);
  await house.clock.advance(0);
  answer(house.rung);
  await house.clock.advance(0);
  const picker = house.dial(desk, '*691');
  answer(house.rung);
  await house.clock.advance(0);
  expect(picker.told('answer')).toHaveLength(1);
});

test('*69 and the slot, from any phone: the two talk, and the slot is free', async () => {
  const { house, chloe, waiting } = await parked();
  const picker = house.dial(chloe, '*691');
  await house.clock.advance(0);
  const again = house.rung;
  expect(again.invitation).toMatchObject({ sdp: picker.sdp, from: { displayName: 'Chloe' } });
  expect(again.invitation?.label).toEqual(waiting.labelled);
  answer(again);
  await house.clock.advance(0);
  expect(picker.told('answer')).toMatchObject([{ sdp: SDP }]);
  expect(picker.labelled).toEqual(waiting.labelled);
  expect(waiting.told('end')).toHaveLength(1);
  expect(house.media.last.closedAs).toBe('local');
  expect(views(house, '101')).toEqual([]);
  expect(views(house, '103')).toMatchObject([{ parked: null, with: { number: '102' } }]);
  picker.says({ kind: 'ended', by: 'peer' });
  await house.clock.advance(0);
  expect(again.told('end')).toHaveLength(1);
  // Between the two people, until it was parked, and after it was picked up.
  expect(house.store.records).toMatchObject([
    {
      ...{ caller: { extension: idOf('101') }, callee: { extension: idOf('102') }, result: 'answered' },
      legs: [
        { number: '101', joined: 'called', left: 'parked' },
        { number: '102', joined: 'answered' },
        { number: '*68', left: 'joined' },
        { number: '103', joined: 'picked-up' },
      ],
      parts: [
        { number: '101', role: 'caller', transferred: false },
        { number: '102', result: 'handled' },
        { number: '103', result: 'handled', ringMs: null },
      ],
    },
  ]);
  expect([house.calls.size, house.clock.pending]).toEqual([0, 0]);
});

test('a phone that takes no new session is parked, and picked up, by re-INVITE', async () => {
  const { house, chloe, old } = await parking(false);
  old.says({ kind: 'offer-made', sdp: SDP });
  await house.clock.advance(0);
  expect(old.told('accept-offer')).toHaveLength(1);
  expect(house.media.last.playing).toEqual(['hold-music']);
  const picker = house.dial(chloe, '*691');
  expect(offersTo(old)).toEqual([picker.sdp]);
  old.says({ kind: 'offer-answered', sdp: SDP });
  await house.clock.advance(0);
  expect([picker.told('answer').length, old.told('end').length]).toEqual([1, 0]);
});

test('the one who picks it up gives up before it is joined: it waits on', async () => {
  const { house, chloe, waiting } = await parked();
  const picker = house.dial(chloe, '*691');
  picker.says({ kind: 'cancelled' });
  const again = house.rung;
  expect(again.told('withdraw')).toHaveLength(1);
  again.says({ kind: 'failed', status: 487 });
  await house.clock.advance(0);
  expect(waiting.told('end')).toEqual([]);
  expect(views(house, '101')).toMatchObject([{ parked: '1' }]);
  const second = house.dial(chloe, '*691');
  answer(house.rung);
  await house.clock.advance(0);
  expect(second.told('answer')).toHaveLength(1);
});

test('nobody picks it up: after three minutes it rings back, and again three minutes later', async () => {
  const { house, waiting } = await parked();
  await house.clock.advance(180_000);
  const first = house.rung;
  expect(first.invitation).toMatchObject({ from: { displayName: 'Ben' }, to: { displayName: 'Ada' } });
  expect(views(house, '101')).toMatchObject([{ state: 'ringing', parked: '1', with: { number: '102' } }]);
  first.says({ kind: 'failed', status: 486 });
  expect(waiting.told('end')).toEqual([]);
  await house.clock.advance(180_000);
  const second = house.rung;
  expect(second).not.toBe(first);
  answer(second);
  second.says({ kind: 'offer-made', sdp: SDP });
  await house.clock.advance(0);
  answer(house.rung);
  await house.clock.advance(0);
  expect(second.told('accept-offer')).toHaveLength(1);
  expect(views(house, '101')).toMatchObject([{ parked: null, state: 'talking', with: { number: '102' } }]);
});

test('the one who waits hangs up: the slot is free again, and nothing is left', async () => {
  const { house, waiting } = await parked();
  waiting.says({ kind: 'ended', by: 'peer' });
  await house.clock.advance(0);
  expect([house.calls.size, house.clock.pending, views(house, '101')]).toEqual([0, 0, []]);
  expect(house.media.last.closedAs).toBe('local');
});

test('a phone that refuses both offers is not parked: its referrer is told, and has it back', async () => {
  const { house, referrer, old } = await parking();
  house.rung.says({ kind: 'failed', status: 488 });
  old.says({ kind: 'offer-refused', status: 488 });
  await house.clock.advance(0);
  expect(referrer.told('refer-progress')).toEqual([{ kind: 'refer-progress', id: 7, status: 488 }]);
  expect([referrer.told('end'), old.told('end')]).toEqual([[], []]);
  expect(views(house, '101')).toMatchObject([{ parked: null, with: { number: '102' } }]);
});

test('what cannot be picked up or parked is refused', async () => {
  const { house, chloe, waiting } = await parked();
  expect(refusalOf(house.dial(chloe, '*692'))?.[0]).toBe(404);
  expect(refusalOf(house.dial(chloe, '*68'))?.[0]).toBe(404);
  const station = house.register('201', 'desk', 'sip:desk@x.invalid');
  expect(refusalOf(house.dial(station, '*691'))?.[0]).toBe(403);
  waiting.says({ ...parkIt, id: 8 });
  expect(waiting.told('refuse-refer')).toEqual([{ kind: 'refuse-refer', id: 8, status: 403 }]);
  house.dial(chloe, '*691');
  const dev = house.register('104', 'dev', 'sip:dev@x.invalid');
  expect(refusalOf(house.dial(dev, '*691'))?.[0]).toBe(486);
});

/** Ada has called Ben, has put him on hold, and calls *68 from the phone that is given, or from her own. */
async function parkingByCall(other?: string) {
  const house = new CallHouse();
  const ada = house.register('101');
  house.register('102');
  const [caller, callee] = await house.connect(ada, '102');
  caller.says({ kind: 'offered', sdp: 'm=audio 9\r\na=sendonly\r\n', method: 'INVITE' });
  callee.says({ kind: 'offer-answered', sdp: 'm=audio 9\r\na=recvonly\r\n' });
  const asking = house.dial(other === undefined ? ada : house.register(other), '*68');
  await house.clock.advance(0);
  return { house, ada, caller, callee, asking };
}

test('a phone without a key for it calls *68, and hears where the call that it had on hold waits', async () => {
  const { house, caller, callee, asking } = await parkingByCall();
  expect(house.toldSlots).toEqual([]);
  callee.says({ kind: 'offer-made', sdp: SDP.replace('sendrecv', 'recvonly') });
  await house.clock.advance(0);
  expect(offersTo(callee)).toHaveLength(2);
  callee.says({ kind: 'offer-answered', sdp: SDP });
  await house.clock.advance(0);
  expect([house.toldSlots, caller.told('end').length, asking.state]).toEqual([['1'], 1, 'early']);
  expect(caller.told('refer-progress')).toEqual([]);
  expect(views(house, '101')).toMatchObject([{ parked: '1' }, { with: { number: '*68' } }]);
  asking.says({ kind: 'cancelled' });
  callee.says({ kind: 'ended', by: 'peer' });
  await house.clock.advance(0);
  expect([house.calls.size, house.clock.pending]).toEqual([0, 0]);
});

test('it hears so where the call cannot be parked, and has it as before', async () => {
  const { house, caller, callee } = await parkingByCall();
  callee.says({ kind: 'offer-refused', status: 488 });
  await house.clock.advance(0);
  expect([house.toldSlots, caller.told('end'), callee.told('end')]).toEqual([['none'], [], []]);
});

test('only what the same phone has on hold, and one call of that', async () => {
  const other = await parkingByCall('101');
  expect(refusalOf(other.asking)?.[0]).toBe(404);
  expect(refusalOf((await parkingByCall('103')).asking)?.[0]).toBe(404);
  const { house, ada, caller } = await parkingByCall();
  caller.says({ kind: 'ended', by: 'peer' });
  await house.clock.advance(0);
  house.register('103');
  for (const number of ['102', '103']) {
    const [held, rest] = await house.connect(ada, number);
    held.says({ kind: 'offered', sdp: 'm=audio 9\r\na=sendonly\r\n', method: 'INVITE' });
    rest.says({ kind: 'offer-answered', sdp: 'm=audio 9\r\na=recvonly\r\n' });
  }
  expect(refusalOf(house.dial(ada, '*68'))?.[0]).toBe(486);
});

test('picked up while it rings back: the phone of the one who parked it is quiet again, and misses nothing', async () => {
  const { house, chloe } = await parked();
  await house.clock.advance(180_000);
  const back = house.rung;
  expect(views(house, '101')).toMatchObject([{ state: 'ringing' }]);
  const picker = house.dial(chloe, '*691');
  expect(back.told('end')).toMatchObject([{ reason: { cause: 200 } }]);
  back.says({ kind: 'failed', status: 487 });
  answer(house.rung);
  await house.clock.advance(0);
  expect(picker.told('answer')).toHaveLength(1);
  expect(views(house, '103')).toMatchObject([{ parked: null, with: { number: '102' } }]);
  expect(views(house, '101')).toEqual([]);
});

test('what has been answered at the phone of the one who parked it cannot be picked up any more', async () => {
  const { house, chloe } = await parked();
  await house.clock.advance(180_000);
  answer(house.rung);
  expect(refusalOf(house.dial(chloe, '*691'))?.[0]).toBe(486);
});

test('a parked call survives the server: in its slot, with music as soon as its phone is back, and rings back', async () => {
  const before = await parked();
  await before.house.clock.advance(5_000);
  const house = new CallHouse();
  house.calls.restore(await before.house.store.load());
  expect([...house.calls.parked.all()]).toEqual([...before.house.calls.parked.all()]);
  house.register('101', 'ada', 'sip:ada@x.invalid', true);
  const chloe = house.register('103', 'chloe', 'sip:chloe@x.invalid', true);
  expect(views(house, '101')).toMatchObject([{ parked: '1', otherSide: 'reconnecting' }]);
  house.register('102', 'ben', 'sip:ben@x.invalid', true);
  await house.clock.advance(0);
  const again = house.rung;
  expect(again.labelled).toEqual(before.waiting.labelled);
  answer(again);
  await house.clock.advance(0);
  expect(house.media.last.playing).toEqual(['hold-music']);
  await house.clock.advance(180_000);
  expect(house.rung.invitation).toMatchObject({ from: { displayName: 'Ben' }, to: { displayName: 'Ada' } });
  const picker = house.dial(chloe, '*691');
  answer(house.rung);
  await house.clock.advance(0);
  expect(picker.told('answer')).toHaveLength(1);
});

test('a parked call whose phone does not come back after a restart ends, and its slot is free', async () => {
  const before = await parked();
  const house = new CallHouse();
  house.calls.restore(await before.house.store.load());
  await house.clock.advance(30_000);
  expect([house.calls.size, house.clock.pending, [...house.calls.parked.all()]]).toEqual([0, 0, []]);
});
