import { callId, type CallView } from '@perch/shared';
import { expect, test } from 'vitest';
import { rings, ringingViewOf } from './ring-policy.ts';

const call = (changes: Partial<CallView> = {}): CallView => ({
  id: callId('c'),
  state: 'ringing',
  direction: 'incoming',
  with: { number: '102', name: 'Ben' },
  as: { number: '101', name: 'Ada' },
  hold: { here: false, there: false },
  otherSide: 'connected',
  here: 'here',
  parked: null,
  conference: null,
  since: 0,
  ...changes,
});
const offered = { since: 10_000, id: callId('c') };

test.for<readonly [string, readonly CallView[], number, number, boolean]>([
  ['rings before the server has had time to say so', [], 10_000, 11_999, true],
  ['rings while the server says so', [call()], 14_000, 15_000, true],
  ['falls silent when the server no longer says so', [], 14_000, 15_000, false],
  [
    'falls silent when the server has answered elsewhere',
    [call({ state: 'talking' })],
    14_000,
    15_000,
    false,
  ],
  ['is not rung by a call that goes out', [call({ direction: 'outgoing' })], 14_000, 15_000, false],
  ['falls silent when the server has not been heard', [call()], 14_000, 26_000, false],
])('%s', ([, calls, heardAt, now, expected]) => {
  expect(rings(offered, { heardAt, calls }, now)).toBe(expected);
});

test.for<readonly [string, Partial<CallView>]>([
  ['another call from the same number', { id: callId('d') }],
  ['another call that goes out', { id: callId('d'), direction: 'outgoing' }],
])('is not kept ringing by %s', ([, changes]) => {
  expect(rings(offered, { heardAt: 14_000, calls: [call(changes)] }, 15_000)).toBe(false);
});

test('a call is found among others by its id alone', () => {
  const calls = [call({ id: callId('d') }), call({ with: { number: '103', name: 'Chloe' } })];
  expect(ringingViewOf(callId('c'), calls)?.with.number).toBe('103');
  expect(ringingViewOf(callId('e'), calls)).toBeUndefined();
  expect(ringingViewOf(null, calls)).toBeUndefined();
});
