import { describe, expect, test } from 'vitest';
import type { Farewell } from '../../../sip/user-agent/farewells.ts';
import type { OwedBye } from '../../ports.ts';
import { AUDIO, refer, talking } from '../joining/support/transferring.ts';
import { CallHouse, terminalAt } from '../support/call-house.ts';

const FAREWELL: Farewell = {
  tag: 'ours',
  bye: { method: 'BYE', uri: 'sip:abc@phone.invalid', fields: [['CSeq', '2 BYE']] },
};
const owedTo = (number: string, binding: string): OwedBye => ({
  ...FAREWELL,
  terminal: terminalAt(number),
  binding,
});

describe('a BYE that a phone has not answered', () => {
  test('is stored for that phone, until it is answered', async () => {
    const house = new CallHouse();
    const { flow } = house.register('102', 'key-b');
    expect(house.calls.owedByes.owed(flow, terminalAt('102'), FAREWELL)).toBe(true);
    expect(await house.store.loadOwed()).toEqual([owedTo('102', 'key-b')]);
    house.calls.owedByes.paid(FAREWELL);
    expect(await house.store.loadOwed()).toEqual([]);
  });

  test('is taken off the disk as soon as that takes something again', async () => {
    const house = new CallHouse();
    const { flow } = house.register('102', 'key-b');
    house.calls.owedByes.owed(flow, terminalAt('102'), FAREWELL);
    house.store.failure = new Error('disk');
    house.calls.owedByes.paid(FAREWELL);
    await house.clock.advance(1_500);
    expect(await house.store.loadOwed()).toHaveLength(1);
    expect(house.errors).toEqual([house.store.failure, house.store.failure]);
    house.store.failure = null;
    await house.clock.advance(1_000);
    expect(await house.store.loadOwed()).toEqual([]);
    expect(house.clock.pending).toBe(0);
  });

  test('is not stored for a phone that could not be known again', async () => {
    const house = new CallHouse();
    const { flow } = house.register('102', 'key-b');
    expect(house.calls.owedByes.owed(flow, terminalAt('101'), FAREWELL)).toBe(false);
    house.register('102', 'key-b');
    expect(house.calls.owedByes.owed(flow, terminalAt('102'), FAREWELL)).toBe(false);
    expect(await house.store.loadOwed()).toEqual([]);
  });

  test('is said after a restart to that phone, when it is back, and to no other', async () => {
    const house = new CallHouse();
    house.calls.restore([], [owedTo('102', 'key-b'), { ...owedTo('102', 'key-c'), tag: 'other' }]);
    const [one, other] = house.userAgent.left;
    expect(house.userAgent.left.map(({ farewell }) => farewell)).toEqual([
      FAREWELL,
      { ...FAREWELL, tag: 'other' },
    ]);
    expect(one?.flow.open).toBe(false);
    house.register('101', 'key-b');
    expect(house.userAgent.replaced).toEqual([]);
    const ben = house.register('102', 'key-b');
    house.register('102', 'key-b');
    expect(house.userAgent.replaced).toEqual([[one?.flow, ben.flow]]);
    const third = house.register('102', 'key-c');
    expect(house.userAgent.replaced.slice(1)).toEqual([[other?.flow, third.flow]]);
  });

  test('is not said in a call that is taken up again: it goes on, or its phones are told when it ends anew', async () => {
    const before = new CallHouse();
    const ada = before.register('101', 'key-a');
    before.register('102', 'key-b');
    await before.connect(ada, '102');
    const [stored] = before.store.saved;
    if (stored === undefined || 'service' in stored.callee) throw new Error('it is not stored');
    const house = new CallHouse();
    await house.store.owe({ ...owedTo('102', 'key-b'), tag: stored.callee.dialog.localTag });
    await house.store.owe(owedTo('102', 'key-b'));
    house.calls.restore([stored], await house.store.loadOwed());
    expect(house.userAgent.left.map(({ farewell }) => farewell)).toEqual([FAREWELL]);
    expect(await house.store.loadOwed()).toEqual([owedTo('102', 'key-b')]);
  });

  test('stays stored where it is owed anew before the disk was rid of it', async () => {
    const house = new CallHouse();
    const { flow } = house.register('102', 'key-b');
    house.store.failure = new Error('disk');
    house.calls.owedByes.paid(FAREWELL);
    await house.clock.advance(0);
    house.store.failure = null;
    house.calls.owedByes.owed(flow, terminalAt('102'), FAREWELL);
    await house.clock.advance(2_000);
    expect(await house.store.loadOwed()).toEqual([owedTo('102', 'key-b')]);
  });

  test('stays stored where it is owed anew while the disk fails to be rid of it', async () => {
    const house = new CallHouse();
    const { flow } = house.register('102', 'key-b');
    house.store.failure = new Error('disk');
    house.calls.owedByes.paid(FAREWELL);
    house.store.failure = null;
    house.calls.owedByes.owed(flow, terminalAt('102'), FAREWELL);
    await house.clock.advance(2_000);
    expect(await house.store.loadOwed()).toEqual([owedTo('102', 'key-b')]);
  });

  test('stays stored for one that has not come back', async () => {
    const house = new CallHouse();
    await house.store.owe(owedTo('102', 'key-b'));
    house.calls.restore([], [owedTo('102', 'key-b')]);
    const [left] = house.userAgent.left;
    if (left === undefined) throw new Error('it is not sent');
    expect(house.calls.owedByes.owed(left.flow, terminalAt('102'), FAREWELL)).toBe(true);
    expect(await house.store.loadOwed()).toEqual([owedTo('102', 'key-b')]);
  });
});

describe('a call that only this process can go on with', () => {
  test('has its end owed to the phone from its answer to its end', async () => {
    const house = new CallHouse();
    const ada = house.register('101', 'key-a');
    const leg = house.dial(ada, '*30');
    expect(await house.store.loadOwed()).toEqual([]);
    leg.answer('');
    leg.says({ kind: 'acknowledged' });
    await house.clock.advance(0);
    const [owed, ...others] = await house.store.loadOwed();
    expect(others).toEqual([]);
    expect(owed).toMatchObject({ terminal: terminalAt('101'), binding: 'key-a', bye: { method: 'BYE' } });
    expect(owed?.bye.fields).toContainEqual(['Reason', 'SIP;cause=503;text="The server was started anew"']);
    leg.says({ kind: 'ended', by: 'peer' });
    await house.clock.advance(0);
    expect(await house.store.loadOwed()).toEqual([]);
  });

  test('is not owed to a caller who is only told why there is no call', async () => {
    const house = new CallHouse();
    const leg = house.dial(house.register('101', 'key-a'), '999');
    leg.progress(183, '');
    await house.clock.advance(0);
    expect(await house.store.loadOwed()).toEqual([]);
  });
});

test('a call that had been sent on to a mailbox ends with the restart: it has a record, and its phone is told why', async () => {
  const before = await talking();
  before.referrer.says(refer('sip:104@example.org'));
  before.transferee.says({ kind: 'offer-made', sdp: AUDIO });
  await before.house.clock.advance(0);
  const house = new CallHouse();
  house.calls.restore(await before.house.store.load());
  await house.clock.advance(0);
  const [transferee] = house.userAgent.restored;
  expect(transferee?.told('end')).toMatchObject([{ reason: { cause: 503 } }]);
  expect([house.calls.size, house.clock.pending]).toEqual([0, 0]);
  expect(house.store.records).toMatchObject([{ id: before.house.store.saved[0]?.id, result: 'answered' }]);
});

test('a call that ends after a restart, before one of its phones is back: that phone is told when it is', async () => {
  const before = new CallHouse();
  const [ada, ben] = [before.register('101', 'key-a'), before.register('102', 'key-b')];
  await before.connect(ada, '102');
  const house = new CallHouse();
  house.calls.restore(before.store.saved);
  const [caller, callee] = house.userAgent.restored;
  const absent = callee?.target.flow;
  if (absent === undefined) throw new Error('it is not restored');
  expect(caller?.target.flow).not.toBe(absent);
  house.register('101', 'key-a', ada.binding.contact);
  caller?.says({ kind: 'ended', by: 'peer' });
  expect(callee?.told('end')).toHaveLength(1);
  expect(house.calls.owedByes.owed(absent, terminalAt('102'), FAREWELL)).toBe(true);
  const back = house.register('102', 'key-b', ben.binding.contact);
  expect(house.userAgent.replaced).toContainEqual([absent, back.flow]);
});
