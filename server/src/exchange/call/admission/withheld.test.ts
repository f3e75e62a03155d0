import { WITHHELD } from '@perch/shared';
import { expect, test } from 'vitest';
import { CallHouse, idOf, terminalAt } from '../support/call-house.ts';

const PRIVACY = ['Privacy: id'];
const ANONYMOUS = { displayName: 'Anonymous', uri: 'sip:anonymous@anonymous.invalid' };
const answered = { kind: 'answered', sdp: 'answer', contact: 'sip:x@x' } as const;

test('a withheld number rings without name and number, and its record keeps who it was', async () => {
  const house = new CallHouse();
  const [ada] = [house.register('101'), house.register('102')];
  const caller = house.dial(ada, '102', PRIVACY);
  expect(house.rung.invitation).toMatchObject({ from: ANONYMOUS, fields: [['Privacy', 'id']] });
  expect(house.calls.views(terminalAt('102'))).toMatchObject([{ state: 'ringing', with: WITHHELD }]);
  expect(house.calls.views(terminalAt('101'))).toMatchObject([
    { as: { number: '101', name: 'Ada' }, with: { number: '102', name: 'Ben' } },
  ]);
  house.rung.says(answered);
  await house.clock.advance(0);
  expect(house.calls.views(terminalAt('102'))).toMatchObject([{ state: 'talking', with: WITHHELD }]);
  caller.says({ kind: 'ended', by: 'peer' });
  expect(house.store.records).toMatchObject([{ caller: { extension: idOf('101') }, result: 'answered' }]);
});

test('a message from a withheld number has no name', () => {
  const house = new CallHouse();
  const ada = house.register('101');
  house.dial(ada, '102', PRIVACY);
  expect(house.deposits).toEqual([[WITHHELD.number, '102', 'offline']]);
});

test('a withheld number stays withheld beyond a restart', async () => {
  const before = new CallHouse();
  const [ada] = [before.register('101'), before.register('102')];
  const caller = before.dial(ada, '102', PRIVACY);
  before.rung.says(answered);
  await before.clock.advance(0);
  caller.says({ kind: 'acknowledged' });
  const house = new CallHouse();
  house.calls.restore(before.store.saved);
  expect(house.calls.views(terminalAt('102'))).toMatchObject([{ with: WITHHELD }]);
});

test('a withheld number is in no transfer, neither as the referrer nor as the transferee', async () => {
  const house = new CallHouse();
  const [ada] = [house.register('101'), house.register('102'), house.register('103')];
  const caller = house.dial(ada, '102', PRIVACY);
  const callee = house.rung;
  callee.says(answered);
  await house.clock.advance(0);
  caller.says({ kind: 'acknowledged' });
  const referTo = { uri: 'sip:103@example.org', displayName: undefined, replaces: undefined };
  caller.says({ kind: 'refer', id: 1, referTo });
  // The ids of the call and of the flow may contain any digits.
  expect(JSON.stringify({ ...house.rung.invitation, label: null, target: null })).not.toMatch(/101|Ada/);
  house.serves = false;
  house.rung.says({ kind: 'failed', status: 603 });
  callee.says({ kind: 'refer', id: 2, referTo });
  expect(house.rung.invitation?.from).toEqual(ANONYMOUS);
  expect(house.calls.views(terminalAt('103'))).toMatchObject([{ with: WITHHELD }]);
});

test('an emergency call is never withheld', () => {
  const house = new CallHouse();
  const [ada] = [house.register('101'), house.register('112')];
  house.dial(ada, '112', PRIVACY);
  expect(house.rung.invitation?.from).toEqual({ displayName: 'Ada', uri: 'sip:101@example.org' });
});
