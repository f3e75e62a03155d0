import type { CallId } from '@perch/shared';
import { expect, test } from 'vitest';
import type { FakeLeg } from '../../../sip/user-agent/support/fake-leg.ts';
import { CallHouse, idOf, offersTo, type Phone, terminalAt } from '../support/call-house.ts';

const SDP = 'm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=fingerprint:sha-256 AA\r\na=sendrecv\r\n';
const NUMBERS = ['101', '102', '103', '104'] as const;

const idFor = (leg: FakeLeg): CallId => leg.labelled?.[1] as CallId;
const isReseat = (leg: FakeLeg) => leg.invitation?.fields?.some(([name]) => name === 'Replaces') === true;

/** Ada talks to Ben and to Chloe; all of them have phones that take new sessions. */
async function twoCalls() {
  const house = new CallHouse();
  const phones = NUMBERS.map((number) => house.register(number, number, `sip:${number}@x.invalid`, true));
  const [ada] = phones as [Phone];
  const [toBen, ben] = await house.connect(ada, '102');
  const [toChloe, chloe] = await house.connect(ada, '103');
  const ids = [idFor(toBen), idFor(toChloe)] as const;
  return { house, ada, phones, toBen, ben, toChloe, chloe, ids };
}

/** The phones that were called for a new session, and have not said anything yet. */
const renewed = ({ userAgent }: CallHouse): readonly FakeLeg[] =>
  userAgent.invited.filter((leg) => isReseat(leg) && leg.state === 'early');

/** They take it. */
async function agree(house: CallHouse): Promise<readonly FakeLeg[]> {
  await house.clock.advance(0);
  const legs = renewed(house);
  for (const leg of legs) leg.says({ kind: 'answered', sdp: SDP, contact: leg.target.contact });
  await house.clock.advance(0);
  return legs;
}

async function conferring() {
  const set = await twoCalls();
  expect(set.house.calls.confer(terminalAt('101'), set.ids)).toBe('done');
  const legs = await agree(set.house);
  const of = (number: string) => legs.find((leg) => leg.target.contact.includes(number)) as FakeLeg;
  return { ...set, legs, own: of('101'), bens: of('102'), chloes: of('103') };
}

const seenBy = (house: CallHouse, number: string) =>
  house.calls
    .views(terminalAt(number))
    .map(({ conference }) => conference?.participants.map((each) => each.number).sort());

test('two calls of a terminal become a conference: each phone gets a new session, and all are in one bridge', async () => {
  const { house, legs, own, bens, chloes, toBen, ben, toChloe, chloe, ids } = await conferring();
  expect(legs.map((leg) => leg.target.contact).sort()).toEqual(
    ['101', '102', '103'].map((number) => `sip:${number}@x.invalid`),
  );
  expect(house.media.bridges).toHaveLength(1);
  expect(house.media.bridges[0]?.size).toBe(3);
  for (const leg of [toBen, ben, toChloe, chloe]) expect(leg.told('end')).toHaveLength(1);
  // The host keeps the first call, and Chloe hers; Ben is told another one.
  expect([idFor(own), idFor(chloes)]).toEqual(ids);
  expect(ids).not.toContain(idFor(bens));
  expect(own.invitation?.from.uri).toBe('sip:conference@example.org');
});

test('pages see who else is in it, and that no one is held', async () => {
  const { house } = await conferring();
  expect(['101', '102', '103'].map((number) => seenBy(house, number))).toEqual([
    [['102', '103']],
    [['101', '103']],
    [['101', '102']],
  ]);
  const [view] = house.calls.views(terminalAt('101'));
  expect(view).toMatchObject({ state: 'talking', hold: { here: false, there: false } });
  expect(['101', '102', '103'].map((number) => house.calls.busy(idOf(number)))).toEqual([true, true, true]);
});

test('no page sees the host twice: a call whose party has yet to join names nobody', async () => {
  const { house, ids } = await twoCalls();
  expect(house.calls.confer(terminalAt('101'), ids)).toBe('done');
  await house.clock.advance(0);
  // Ben and the host have their new sessions, Chloe has not.
  for (const leg of renewed(house).filter(({ target }) => !target.contact.includes('103')))
    leg.says({ kind: 'answered', sdp: SDP, contact: leg.target.contact });
  await house.clock.advance(0);
  expect(seenBy(house, '102')).toEqual([['101']]);
  await agree(house);
  expect(seenBy(house, '102')).toEqual([['101', '103']]);
});

test('one leaves: the others go on, and are told; when one is left the call ends', async () => {
  const { house, own, bens, chloes } = await conferring();
  house.changed.length = 0;
  own.says({ kind: 'ended', by: 'peer' });
  await house.clock.advance(0);
  expect(house.changed).toContain(terminalAt('102'));
  expect(seenBy(house, '102')).toEqual([['103']]);
  expect([bens.told('end'), chloes.told('end')]).toEqual([[], []]);
  bens.says({ kind: 'ended', by: 'peer' });
  await house.clock.advance(0);
  expect(chloes.told('end')).toEqual([{ kind: 'end', reason: { protocol: 'Q.850', cause: 16 } }]);
  expect([house.calls.size, house.media.endpoints.filter(({ closedAs }) => !closedAs)]).toEqual([0, []]);
  expect(house.clock.pending).toBe(0);
});

test('records: two calls become three, each of one party with the conference, and each party counts once', async () => {
  const { house, own, bens } = await conferring();
  expect(house.store.records).toEqual([]);
  await house.clock.advance(1_000);
  own.says({ kind: 'ended', by: 'peer' });
  bens.says({ kind: 'ended', by: 'peer' });
  await house.clock.advance(0);
  const { records } = house.store;
  const inIt = records.map(({ legs }) => legs.filter(({ until }) => until === house.clock.now()));
  expect(inIt.map((legs) => legs.map(({ number }) => number).sort())).toEqual([
    ['101', 'conference'],
    ['102', 'conference'],
    ['103', 'conference'],
  ]);
  expect(records.map(({ result }) => result)).toEqual(['answered', 'answered', 'answered']);
  const parts = records.flatMap((record) => record.parts);
  const roles = ['101', '102', '103'].map((number) => [
    number,
    ...parts.filter((part) => part.number === number).map(({ role, result }) => result ?? role),
  ]);
  expect(roles).toEqual([
    ['101', 'caller', 'caller'],
    ['102', 'handled', 'joined'],
    ['103', 'handled'],
  ]);
  const [adas, bens2] = records;
  expect(bens2?.transferredFrom).toBe(adas?.id);
  expect(adas?.transferredTo).toBe(bens2?.id);
});

test('another call is added to it: its party joins, and the host has one leg less', async () => {
  const { house, ada, own } = await conferring();
  const [toDev] = await house.connect(ada, '104');
  expect(house.calls.confer(terminalAt('101'), [idFor(own), idFor(toDev)])).toBe('done');
  await agree(house);
  expect(seenBy(house, '104')).toEqual([['101', '102', '103']]);
  expect(toDev.told('end')).toHaveLength(1);
  expect(house.calls.views(terminalAt('101'))).toHaveLength(1);
});

/** They confer, where the phone of one party takes no new session: what that is told. */
async function withForeign(number: '102' | '103', held = false) {
  const set = await twoCalls();
  const { house, phones, toBen, ben, toChloe, chloe, ids } = set;
  const { binding } = phones[NUMBERS.indexOf(number)] as Phone;
  house.register(number, binding.key, binding.contact, false);
  const [host, foreign] = number === '102' ? [toBen, ben] : [toChloe, chloe];
  if (held) {
    host.says({ kind: 'offered', sdp: SDP.replace('sendrecv', 'sendonly'), method: 'INVITE' });
    foreign.says({ kind: 'offer-answered', sdp: SDP.replace('sendrecv', 'recvonly') });
  }
  expect(house.calls.confer(terminalAt('101'), ids)).toBe('done');
  await agree(house);
  return { ...set, foreign };
}

test.each(['102', '103'] as const)(
  'a phone that takes no new session, such as that of %s, is asked for its offer, as a browser refuses a role of DTLS that it does not have',
  async (number) => {
    const { house, foreign } = await withForeign(number);
    expect([foreign.told('ask-offer').length, offersTo(foreign)]).toEqual([1, []]);
    foreign.says({ kind: 'offer-made', sdp: SDP });
    await house.clock.advance(0);
    expect([house.media.bridges[0]?.size, foreign.told('end')]).toEqual([3, []]);
    expect(foreign.told('accept-offer')).toHaveLength(1);
  },
);

test('one that is on hold then is asked, too, and offered sound both ways in the same session', async () => {
  const { house, foreign } = await withForeign('103', true);
  const before = offersTo(foreign).length;
  const endpoints = house.media.endpoints.length;
  expect(foreign.told('ask-offer')).toHaveLength(1);
  foreign.says({ kind: 'offer-made', sdp: SDP.replace('sendrecv', 'recvonly') });
  await house.clock.advance(0);
  expect(offersTo(foreign).slice(before)).toEqual([expect.stringContaining('a=sendrecv')]);
  foreign.says({ kind: 'offer-answered', sdp: SDP });
  await house.clock.advance(0);
  expect([house.media.bridges[0]?.size, foreign.told('end')]).toEqual([3, []]);
  expect(house.media.endpoints).toHaveLength(endpoints + 1);
});

test('a party whose phone takes neither stays with the host, who is told nothing went wrong with the rest', async () => {
  const { house, chloe, toChloe, ids } = await twoCalls();
  house.calls.confer(terminalAt('101'), ids);
  await house.clock.advance(0);
  for (const leg of renewed(house)) {
    if (leg.target.contact.includes('103')) leg.says({ kind: 'failed', status: 488 });
    else leg.says({ kind: 'answered', sdp: SDP, contact: leg.target.contact });
  }
  chloe.says({ kind: 'offer-refused', status: 488 });
  await house.clock.advance(0);
  expect([chloe.told('end'), toChloe.told('end')]).toEqual([[], []]);
  expect(seenBy(house, '102')).toEqual([['101']]);
  expect(house.calls.views(terminalAt('101'))).toHaveLength(2);
});

test('one who puts the conference on hold is not heard there, and comes back', async () => {
  const { house, bens } = await conferring();
  bens.says({ kind: 'offered', sdp: SDP.replace('sendrecv', 'sendonly'), method: 'INVITE' });
  await house.clock.advance(0);
  expect(bens.told('accept-offer')).toHaveLength(1);
  expect(house.media.bridges[0]?.size).toBe(2);
  expect(house.calls.views(terminalAt('102'))).toMatchObject([{ hold: { here: true, there: false } }]);
  bens.says({ kind: 'offered', sdp: SDP, method: 'INVITE' });
  await house.clock.advance(0);
  expect(house.media.bridges[0]?.size).toBe(3);
  // The others hear no sign of it.
  expect(house.media.bridges[0]?.chimes).toEqual(['joined', 'joined', 'joined']);
});

test('one who loses the line is shown as reconnecting, and has 30 s', async () => {
  const { house, phones } = await conferring();
  const [, ben] = phones as [Phone, Phone];
  await house.loseFlow(ben);
  const [view] = house.calls.views(terminalAt('101'));
  expect(view?.conference?.participants).toMatchObject([
    { number: '102', reconnecting: true },
    { number: '103', reconnecting: false },
  ]);
  await house.clock.advance(30_000);
  expect(seenBy(house, '101')).toEqual([['103']]);
});

test('the host transfers its place to somebody else: that phone hears the conference', async () => {
  const { house, own } = await conferring();
  own.says({
    kind: 'refer',
    id: 1,
    referTo: { uri: 'sip:104@example.org', displayName: undefined, replaces: undefined },
  });
  const { rung } = house;
  rung.says({ kind: 'answered', sdp: SDP, contact: rung.target.contact });
  await house.clock.advance(0);
  rung.says({ kind: 'offer-answered', sdp: SDP });
  await house.clock.advance(0);
  expect(own.told('end')).toHaveLength(1);
  expect(seenBy(house, '104')).toEqual([['102', '103']]);
});

test('what cannot be conferred', async () => {
  const { house, ids, toBen, ben } = await twoCalls();
  const [a, b] = ids;
  const confer = (number: string, calls: readonly [CallId, CallId]) =>
    house.calls.confer(terminalAt(number), calls);
  expect(confer('104', ids)).toBe('no-such-call');
  expect(confer('101', [a, 'none' as CallId])).toBe('no-such-call');
  expect(confer('101', [a, a])).toBe('not-now');
  toBen.says({ kind: 'offered', sdp: SDP, method: 'INVITE' });
  expect(confer('101', [a, b])).toBe('not-now');
  ben.says({ kind: 'offer-answered', sdp: SDP });
  expect(confer('101', [a, b])).toBe('done');
});

test('a ninth does not fit', async () => {
  const { house, ada, own } = await conferring();
  for (const number of ['105', '106', '107', '108', '109', '110']) {
    house.hire(number);
    house.register(number, number, `sip:${number}@x.invalid`, true);
    const [leg] = await house.connect(ada, number);
    const conferred = house.calls.confer(terminalAt('101'), [idFor(own), idFor(leg)]);
    expect([number, conferred]).toEqual([number, number === '110' ? 'full' : 'done']);
    await agree(house);
  }
  expect(house.media.bridges[0]?.size).toBe(8);
});

test('who waits in a slot cannot be joined with others from there', async () => {
  const { house, toBen, phones, ids } = await twoCalls();
  toBen.says({
    kind: 'refer',
    id: 1,
    referTo: { uri: 'sip:*68@example.org', displayName: undefined, replaces: undefined },
  });
  await agree(house);
  const [, ben] = phones;
  if (ben === undefined) throw new Error('Ben has no phone');
  const [toDev, dev] = await house.connect(ben, '104');
  expect(house.calls.confer(terminalAt('102'), [ids[0], idFor(toDev)])).toBe('not-now');
  expect(house.calls.confer(terminalAt('102'), [idFor(toDev), ids[0]])).toBe('not-now');
  expect([toDev.told('end'), dev.told('end')]).toEqual([[], []]);
});

/** The server is killed in a conference, and started again: its phones have yet to come back. */
async function restarted() {
  const before = await conferring();
  const house = new CallHouse();
  house.calls.restore(await before.house.store.load());
  const comesBack = (number: string) => house.register(number, number, `sip:${number}@x.invalid`, true);
  return { before, house, comesBack };
}

test('it survives the server: each phone that is back gets a new session, and hears the others who are', async () => {
  const { before, house, comesBack } = await restarted();
  expect(house.calls.size).toBe(3);
  comesBack('101');
  comesBack('103');
  const legs = await agree(house);
  expect(legs.map((leg) => leg.target.contact)).toEqual(['sip:101@x.invalid', 'sip:103@x.invalid']);
  expect(legs.map((leg) => leg.labelled)).toEqual([before.own.labelled, before.chloes.labelled]);
  expect(house.media.bridges.map(({ size }) => size)).toEqual([2]);
  expect(house.userAgent.restored.map((leg) => leg.told('end').length).sort()).toEqual([0, 1, 1]);
  expect(seenBy(house, '101')).toEqual([['102', '103']]);
  comesBack('102');
  await agree(house);
  expect(house.media.bridges.map(({ size }) => size)).toEqual([3]);
  for (const leg of house.userAgent.invited) leg.says({ kind: 'ended', by: 'peer' });
  await house.clock.advance(0);
  expect([house.calls.size, house.clock.pending, house.store.records.length]).toEqual([0, 0, 3]);
  expect(await house.store.load()).toEqual([]);
});

test('who is back alone from it is told at once that it is over', async () => {
  const { house, comesBack } = await restarted();
  comesBack('102');
  const [leg] = await agree(house);
  await house.clock.advance(30_000);
  expect(leg?.told('end')).toHaveLength(1);
  expect([house.calls.size, house.clock.pending]).toEqual([0, 0]);
});

test('a phone that takes no new session is stored, too, once it hears the conference', async () => {
  const house = new CallHouse();
  const phones = NUMBERS.map((number) =>
    house.register(number, number, `sip:${number}@x.invalid`, number !== '103'),
  );
  const [ada] = phones as [Phone];
  const [toBen] = await house.connect(ada, '102');
  const [toChloe, chloe] = await house.connect(ada, '103');
  house.calls.confer(terminalAt('101'), [idFor(toBen), idFor(toChloe)]);
  await agree(house);
  chloe.says({ kind: 'offer-made', sdp: SDP });
  await agree(house);
  const stored = await house.store.load();
  expect(stored.map(({ caller, callee }) => [caller, callee].filter((end) => 'service' in end))).toEqual([
    [{ service: 'conference', room: idFor(toBen) }],
    [{ service: 'conference', room: idFor(toBen) }],
    [{ service: 'conference', room: idFor(toBen) }],
  ]);
});
