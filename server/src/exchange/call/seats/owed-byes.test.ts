import { describe, expect, test } from 'vitest';
import type { Farewell } from '../../../sip/user-agent/farewells.ts';
import type { OwedBye } from '../../ports.ts';
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
    expect(house.calls.owed(flow, terminalAt('102'), FAREWELL)).toBe(true);
    expect(await house.store.loadOwed()).toEqual([owedTo('102', 'key-b')]);
    house.calls.paid(FAREWELL);
    expect(await house.store.loadOwed()).toEqual([]);
  });

  test('is not stored for a phone that could not be known again', async () => {
    const house = new CallHouse();
    const { flow } = house.register('102', 'key-b');
    expect(house.calls.owed(flow, terminalAt('101'), FAREWELL)).toBe(false);
    house.register('102', 'key-b');
    expect(house.calls.owed(flow, terminalAt('102'), FAREWELL)).toBe(false);
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

  test('stays stored for one that has not come back', async () => {
    const house = new CallHouse();
    await house.store.owe(owedTo('102', 'key-b'));
    house.calls.restore([], [owedTo('102', 'key-b')]);
    const [left] = house.userAgent.left;
    if (left === undefined) throw new Error('it is not sent');
    expect(house.calls.owed(left.flow, terminalAt('102'), FAREWELL)).toBe(true);
    expect(await house.store.loadOwed()).toEqual([owedTo('102', 'key-b')]);
  });
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
  expect(house.calls.owed(absent, terminalAt('102'), FAREWELL)).toBe(true);
  const back = house.register('102', 'key-b', ben.binding.contact);
  expect(house.userAgent.replaced).toContainEqual([absent, back.flow]);
});
