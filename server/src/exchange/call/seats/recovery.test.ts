import { expect, test } from 'vitest';
import type { CallParty, StoredCall } from '../../ports.ts';
import { CallHouse, offersTo, refusalOf, terminalAt } from '../support/call-house.ts';

async function talking() {
  const house = new CallHouse();
  const [ada, ben] = [house.register('101'), house.register('102')];
  const [caller, callee] = await house.connect(ada, '102');
  return { house, ada, ben, caller, callee };
}

test('an emergency call keeps its terminal as it is beyond a restart, until it is over', async () => {
  const before = new CallHouse();
  const [ada] = [before.register('101'), before.register('112')];
  await before.connect(ada, '112');
  const house = new CallHouse();
  house.calls.restore(before.store.saved);
  expect(house.emergencies).toEqual([terminalAt('101')]);
  await house.clock.advance(30_000);
  expect(house.store.outcomes).toEqual(['lost']);
  expect(house.emergencies).toEqual([]);
});

test('help that calls back is never sent on to a mailbox, beyond a restart either', async () => {
  const before = new CallHouse();
  const [station, help] = [before.register('201'), before.register('112')];
  before.dial(station, '112').says({ kind: 'cancelled' });
  const [caller] = await before.connect(help, '201');
  const house = new CallHouse();
  house.calls.restore(before.store.saved);
  for (const [number, { binding }] of [['112', help] as const, ['201', station] as const])
    house.register(number, binding.key, binding.contact);
  expect(caller.snapshot()).toEqual(house.userAgent.restored[0]?.snapshot());
  const [restored] = house.userAgent.restored;
  const referTo = { displayName: undefined, uri: 'sip:102@example.org', replaces: undefined };
  restored?.says({ kind: 'refer', id: 1, referTo });
  expect([house.joined, house.deposits, restored?.told('refuse-refer').length]).toEqual([[], [], 1]);
});

test('help calls back the phone from which it was called, beyond a restart too, for the rest of the hour', async () => {
  const before = new CallHouse();
  const [station] = [before.register('201'), before.register('112')];
  before.move({ 101: '201' });
  before.dial(station, '112').says({ kind: 'cancelled' });
  await before.clock.advance(60 * 60_000 - 1_000);
  const house = new CallHouse(before);
  const [later, help] = [house.register('201'), house.register('112')];
  house.move({ 101: '201' });
  const call = house.dial(help, '201');
  expect(house.ringing).toEqual([later.binding.contact]);
  call.says({ kind: 'cancelled' });
  await house.clock.advance(1_001);
  house.dial(help, '201');
  expect(house.store.outcomes.at(-1)).toBe('desk-in-use');
});

test('peer gone: a call waits 30 s for a phone that lost its flow, then ends as lost', async () => {
  const { house, ben, caller, callee } = await talking();
  await house.loseFlow(ben);
  await house.clock.advance(29_999);
  expect(caller.told('end')).toEqual([]);
  await house.clock.advance(1);
  expect(caller.told('end')).toMatchObject([{ reason: { cause: 408 } }]);
  expect(callee.told('end')).toHaveLength(1);
  expect(house.store.outcomes).toEqual(['lost']);
  expect(house.clock.pending).toBe(0);
});

test('a call with a service of the server follows its phone to another flow, also while the one before seems to stand', () => {
  const house = new CallHouse();
  const ada = house.register('101');
  const { key, contact } = ada.binding;
  const caller = house.dial(ada, '*43');
  house.register('101', key, contact);
  // Its INVITE went with its flow.
  expect(caller.told('rebind')).toEqual([]);
  caller.answer('answer of the service');
  house.register('101', 'another phone', contact);
  expect(caller.told('rebind')).toEqual([]);
  const { flow, binding } = house.register('101', key, contact);
  house.calls.registered(binding);
  expect(caller.told('rebind')).toEqual([{ kind: 'rebind', target: { flow, contact } }]);
  // The page was loaded anew, and knows of no call.
  house.register('101', key, 'sip:anew@phone.invalid');
  expect(caller.told('rebind')).toHaveLength(1);
});

test('a phone that comes back within 30 s gets its call back, on its new flow', async () => {
  const { house, ben, caller, callee } = await talking();
  await house.loseFlow(ben);
  await house.clock.advance(29_000);
  const back = house.register('102', ben.binding.key, ben.binding.contact);
  expect(callee.told('rebind')).toEqual([
    { kind: 'rebind', target: { flow: back.flow, contact: ben.binding.contact } },
  ]);
  await house.clock.advance(60_000);
  expect(caller.told('end')).toEqual([]);
  caller.says({ kind: 'offered', sdp: 'hold', method: 'INVITE' });
  expect(offersTo(callee)).toEqual(['hold']);
  await house.loseFlow(back);
  await house.clock.advance(30_000);
  expect(house.store.outcomes).toEqual(['lost']);
});

test('a phone whose requests come before it registers gets its call back as well, and what it missed is sent', async () => {
  const { house, ben, callee } = await talking();
  await house.loseFlow(ben);
  const { flow } = house.register('103');
  callee.target = { ...callee.target, flow };
  house.calls.registered({ ...ben.binding, flow });
  expect(callee.told('rebind')).toHaveLength(1);
});

test('the other side sees that the phone is lost, at once, and that it is back', async () => {
  const { house, ben } = await talking();
  const otherSides = () =>
    ['101', '102'].map((number) => house.calls.views(terminalAt(number))[0]?.otherSide);
  expect(otherSides()).toEqual(['connected', 'connected']);
  house.changed.length = 0;
  await house.loseFlow(ben);
  expect(otherSides()).toEqual(['reconnecting', 'connected']);
  expect(house.calls.views(terminalAt('102'))).toMatchObject([{ here: 'away' }]);
  expect(house.calls.views(terminalAt('101'))).toMatchObject([{ here: 'here' }]);
  expect(house.changed).toContain(terminalAt('101'));
  house.changed.length = 0;
  house.register('102', ben.binding.key, ben.binding.contact);
  expect(otherSides()).toEqual(['connected', 'connected']);
  expect(house.changed).toContain(terminalAt('101'));
});

test('after a restart each side sees the other reconnecting until it is back', async () => {
  const { stored, keys } = await storedCall();
  const house = new CallHouse();
  house.calls.restore([stored]);
  const otherSides = () =>
    ['101', '102'].map((number) => house.calls.views(terminalAt(number))[0]?.otherSide);
  expect(otherSides()).toEqual(['reconnecting', 'reconnecting']);
  house.register('102', keys[1], stored.callee.contact);
  expect(otherSides()).toEqual(['connected', 'reconnecting']);
});

test.for(['caller', 'callee'] as const)(
  'after a restart the call is held by the %s as before, and its record has who talked',
  async (side) => {
    const before = await talking();
    before[side].says({
      kind: 'offered',
      sdp: 'm=audio 9 RTP/SAVPF 111\r\na=sendonly\r\n',
      method: 'INVITE',
    });
    const other = side === 'caller' ? before.callee : before.caller;
    other.says({ kind: 'offer-answered', sdp: 'm=audio 9 RTP/SAVPF 111\r\na=recvonly\r\n' });
    await before.house.clock.advance(0);
    const house = new CallHouse(before.house);
    house.calls.restore(await house.store.load());
    const isCaller = side === 'caller';
    expect(house.calls.views(terminalAt('101'))).toMatchObject([
      { hold: { here: isCaller, there: !isCaller } },
    ]);
    await house.clock.advance(30_000);
    expect(house.store.records).toMatchObject([
      { talkMs: 0, holdMs: 30_000, legs: [{ number: '101' }, { number: '102' }] },
    ]);
  },
);

test('a phone that reconnects before its old flow is missed: the late close changes nothing', async () => {
  const { house, ben, caller, callee } = await talking();
  house.register('102', ben.binding.key, ben.binding.contact);
  expect(callee.told('rebind')).toHaveLength(1);
  house.calls.flowClosed(ben.flow, terminalAt('102'));
  await house.clock.advance(60_000);
  expect(caller.told('end')).toEqual([]);
});

test('a mere refresh of the registration does not touch the call', async () => {
  const { house, ben, callee } = await talking();
  house.calls.registered(ben.binding);
  expect(callee.commands).toEqual([]);
});

test('a reloaded page, with a new Contact, has lost its dialogs: the call ends at once', async () => {
  const { house, ben, caller } = await talking();
  await house.loseFlow(ben);
  house.register('102', ben.binding.key, 'sip:anew@phone.invalid');
  expect(caller.told('end')).toHaveLength(1);
  expect(house.store.outcomes).toEqual(['answered']);
  await house.clock.advance(60_000);
  expect(house.clock.pending).toBe(0);
});

test('another phone of the same terminal is not the one that was lost', async () => {
  const { house, ben, caller } = await talking();
  await house.loseFlow(ben);
  house.register('102');
  await house.clock.advance(30_000);
  expect(caller.told('end')).toHaveLength(1);
});

test('a phone that called without being registered is waited for, and then given up', async () => {
  const house = new CallHouse();
  const ghost = house.register('101');
  house.register('101', ghost.binding.key);
  house.register('102');
  const [, callee] = await house.connect(ghost, '102');
  house.calls.flowClosed(ghost.flow, terminalAt('101'));
  await house.clock.advance(30_000);
  expect(callee.told('end')).toHaveLength(1);
});

test('the callee’s page is reloaded while its answer is being stored: the caller is hung up', async () => {
  const house = new CallHouse();
  house.store.held = [];
  const [ada, ben] = [house.register('101'), house.register('102')];
  const caller = house.dial(ada, '102');
  house.rung.says({ kind: 'answered', sdp: 'answer', contact: ben.binding.contact });
  house.register('102', ben.binding.key, 'sip:anew@phone.invalid');
  expect(caller.told('end')).toHaveLength(1);
  expect(house.calls.size).toBe(0);
});

/** A call as it was stored when the process died. */
async function storedCall(): Promise<{
  readonly stored: StoredCall & { readonly caller: CallParty; readonly callee: CallParty };
  readonly keys: readonly [string, string];
}> {
  const { house, ada, ben } = await talking();
  const [stored] = house.store.saved;
  if (stored === undefined) throw new Error('the call was not stored');
  const { caller, callee } = stored;
  if ('service' in caller || 'service' in callee) throw new Error('the server is one of its ends');
  return { stored: { ...stored, caller, callee }, keys: [ada.binding.key, ben.binding.key] };
}

test('after a restart the calls are there again, and can be held and hung up when the phones are back', async () => {
  const { stored, keys } = await storedCall();
  const house = new CallHouse();
  house.calls.restore([stored]);
  expect(house.userAgent.restored.map((leg) => leg.snapshot())).toEqual([
    stored.caller.dialog,
    stored.callee.dialog,
  ]);
  expect(house.calls.views(terminalAt('101'))).toMatchObject([
    { id: stored.id, state: 'talking', since: stored.answeredAt, with: { name: 'Ben' } },
  ]);
  house.register('102', keys[1], stored.callee.contact);
  house.register('101', keys[0], stored.caller.contact);
  const [caller, callee] = house.userAgent.restored;
  if (caller === undefined || callee === undefined) throw new Error('nothing was restored');
  await house.clock.advance(60_000);
  callee.says({ kind: 'offered', sdp: 'hold', method: 'INVITE' });
  expect(offersTo(caller)).toEqual(['hold']);
  callee.says({ kind: 'ended', by: 'peer' });
  expect(caller.told('end')).toHaveLength(1);
  expect(house.store.records).toMatchObject([
    { id: stored.id, startedAt: stored.startedAt, answeredAt: stored.answeredAt, result: 'answered' },
  ]);
});

test('after a restart a phone that does not come back within 30 s ends the call for the other', async () => {
  const { stored, keys } = await storedCall();
  const house = new CallHouse();
  house.calls.restore([stored]);
  house.register('101', keys[0], stored.caller.contact);
  await house.clock.advance(30_000);
  expect(house.userAgent.restored[0]?.told('end')).toHaveLength(1);
  expect(house.store.outcomes).toEqual(['lost']);
  expect(house.clock.pending).toBe(0);
});

test('after a restart a phone that comes back as another page has lost the call', async () => {
  const { stored, keys } = await storedCall();
  const house = new CallHouse();
  house.calls.restore([stored]);
  house.register('101', keys[0], 'sip:anew@phone.invalid');
  expect(house.userAgent.restored[1]?.told('end')).toHaveLength(1);
});

test('seat move: a new leg of the same phone takes the place of the old one, the far side is offered its sound', async () => {
  const { house, ada, caller, callee } = await talking();
  const replaces = 'Replaces: call-' + caller.id + `;to-tag=local-${caller.id};from-tag=remote-${caller.id}`;
  const anew = house.dial(ada, '102', [replaces]);
  expect(offersTo(callee)).toEqual(['offer of the caller']);
  expect(caller.told('end')).toEqual([]);
  callee.says({ kind: 'offer-answered', sdp: 'to the new leg' });
  await house.clock.advance(0);
  expect(anew.told('answer')).toEqual([{ kind: 'answer', sdp: 'to the new leg' }]);
  expect(caller.told('end')).toHaveLength(1);
  expect(house.store.saved.at(-1)).toMatchObject({
    id: house.store.saved[0]?.id,
    caller: { dialog: { callId: `call-${anew.id}` } },
  });
  anew.says({ kind: 'ended', by: 'peer' });
  expect(callee.told('end')).toHaveLength(1);
  expect(house.store.outcomes).toEqual(['answered']);
});

test('seat move: the tags may stand in either order', async () => {
  const { house, ben, callee } = await talking();
  house.dial(ben, '101', [
    `Replaces: call-${callee.id};to-tag=remote-${callee.id};from-tag=local-${callee.id}`,
  ]);
  expect(house.calls.size).toBe(1);
});

test.for<readonly [what: string, header: (id: string) => string, dialler: 'self' | 'other', status: number]>([
  ['another phone’s call', (id) => `call-${id};to-tag=local-${id};from-tag=remote-${id}`, 'other', 481],
  ['no call at all', () => 'nothing;to-tag=a;from-tag=b', 'self', 481],
  ['a malformed Replaces', () => 'nothing', 'self', 400],
  [
    'a confirmed call, early-only',
    (id) => `call-${id};to-tag=local-${id};from-tag=remote-${id};early-only`,
    'self',
    486,
  ],
])('seat move of %s is refused', async ([, header, dialler, status]) => {
  const { house, ada, caller, callee } = await talking();
  const chloe = house.register('103');
  const anew = house.dial(dialler === 'self' ? ada : chloe, '102', [`Replaces: ${header(caller.id)}`]);
  expect(refusalOf(anew)?.[0]).toBe(status);
  expect(offersTo(callee)).toEqual([]);
});

test('seat move: the far side refuses, and the call stays as it was', async () => {
  const { house, ada, caller, callee } = await talking();
  const anew = house.dial(ada, '102', [
    `Replaces: call-${caller.id};to-tag=local-${caller.id};from-tag=remote-${caller.id}`,
  ]);
  callee.says({ kind: 'offer-refused', status: 488 });
  expect(refusalOf(anew)?.[0]).toBe(488);
  caller.says({ kind: 'offered', sdp: 'hold', method: 'INVITE' });
  expect(offersTo(callee)).toEqual(['offer of the caller', 'hold']);
});

test('seat move: the newcomer gives up when the far side has its offer: the old leg is joined again', async () => {
  const { house, ada, caller, callee } = await talking();
  const anew = house.dial(ada, '102', [
    `Replaces: call-${caller.id};to-tag=local-${caller.id};from-tag=remote-${caller.id}`,
  ]);
  anew.says({ kind: 'cancelled' });
  callee.says({ kind: 'offer-answered', sdp: 'to nobody' });
  expect(callee.told('ask-offer')).toHaveLength(1);
  callee.says({ kind: 'offer-made', sdp: 'again' });
  expect(offersTo(caller)).toEqual(['again']);
  caller.says({ kind: 'offer-answered', sdp: 'as before' });
  expect(callee.told('accept-offer')).toEqual([{ kind: 'accept-offer', sdp: 'as before' }]);
  expect([caller.told('end'), callee.told('end')]).toEqual([[], []]);
});

test('seat move: the newcomer gives up while it is being stored: the old leg is back, in storage, too', async () => {
  const { house, ada, caller, callee } = await talking();
  house.store.held = [];
  const anew = house.dial(ada, '102', [
    `Replaces: call-${caller.id};to-tag=local-${caller.id};from-tag=remote-${caller.id}`,
  ]);
  callee.says({ kind: 'offer-answered', sdp: 'to the new leg' });
  anew.says({ kind: 'cancelled' });
  expect(house.store.saved.at(-1)).toMatchObject({ caller: { dialog: { callId: `call-${caller.id}` } } });
  for (const last of house.store.held) last();
  await house.clock.advance(0);
  callee.says({ kind: 'offer-made', sdp: 'again' });
  caller.says({ kind: 'offer-answered', sdp: 'as before' });
  expect([caller.told('end'), callee.told('end')]).toEqual([[], []]);
  callee.says({ kind: 'ended', by: 'peer' });
  expect(caller.told('end')).toHaveLength(1);
});

test('seat move: the old leg may be gone before the new one is there', async () => {
  const { house, ada, caller, callee } = await talking();
  const anew = house.dial(ada, '102', [
    `Replaces: call-${caller.id};to-tag=local-${caller.id};from-tag=remote-${caller.id}`,
  ]);
  caller.says({ kind: 'ended', by: 'peer' });
  expect(callee.told('end')).toEqual([]);
  callee.says({ kind: 'offer-answered', sdp: 'to the new leg' });
  await house.clock.advance(0);
  expect(anew.told('answer')).toHaveLength(1);
  expect(house.calls.size).toBe(1);
});

test('seat move: the old leg is gone and the far side refuses: the call ends', async () => {
  const { house, ada, caller, callee } = await talking();
  const anew = house.dial(ada, '102', [
    `Replaces: call-${caller.id};to-tag=local-${caller.id};from-tag=remote-${caller.id}`,
  ]);
  caller.says({ kind: 'ended', by: 'peer' });
  callee.says({ kind: 'offer-refused', status: 488 });
  expect(refusalOf(anew)?.[0]).toBe(488);
  expect(callee.told('end')).toHaveLength(1);
  expect(house.calls.size).toBe(0);
});

test('seat move: the far side hangs up meanwhile: the newcomer is refused', async () => {
  const { house, ada, caller, callee } = await talking();
  const anew = house.dial(ada, '102', [
    `Replaces: call-${caller.id};to-tag=local-${caller.id};from-tag=remote-${caller.id}`,
  ]);
  callee.says({ kind: 'ended', by: 'peer' });
  expect([anew.told('end'), caller.told('end')].flat()).toHaveLength(2);
  expect(house.calls.size).toBe(0);
});

test('a flow whose account may no longer be used carries its answered calls on, and rings no more', async () => {
  const { house, ben, caller, callee } = await talking();
  const chloe = house.register('103');
  house.dial(chloe, '102');
  const ringing = house.rung;
  house.calls.flowBarred(ben.flow, terminalAt('102'));
  expect([callee.told('end'), caller.told('end'), ringing.told('end').length]).toEqual([[], [], 1]);
  const second = house.dial(chloe, '102');
  house.calls.flowBarred(house.register('101').flow, terminalAt('101'));
  expect(second.state).toBe('early');
});

test('a call that an earlier version stored without its account has a record of the two who talk', async () => {
  const before = await talking();
  const [stored] = before.house.store.saved;
  if (stored === undefined) throw new Error('nothing is stored');
  const { account, ...earlier } = stored;
  const house = new CallHouse();
  house.calls.restore([earlier]);
  await house.clock.advance(30_000);
  expect(house.store.records).toMatchObject([
    {
      ...{ dialled: account?.dialled, startedAt: stored.startedAt, result: 'lost' },
      ...{ caller: { number: '101' }, callee: { number: '102' }, attempts: [] },
      legs: [
        { number: '101', side: 'caller', joined: 'called' },
        { number: '102', side: 'callee', joined: 'answered' },
      ],
    },
  ]);
});

test('a call that was stored with its account goes on in the same record', async () => {
  const before = await talking();
  const house = new CallHouse();
  house.calls.restore(before.house.store.saved);
  await house.clock.advance(30_000);
  expect(house.store.records).toMatchObject([{ attempts: [{ number: '102', result: 'answered' }] }]);
});
