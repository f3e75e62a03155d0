import type { CallView } from '@perch/shared';
import { expect, test } from 'vitest';
import { rings, ringingViewOf } from './ring-policy.ts';

const call = (changes: Partial<CallView> = {}): CallView => ({
  id: 'c',
  state: 'ringing',
  direction: 'incoming',
  with: { number: '102', name: 'Ben' },
  as: { number: '101', name: 'Ada' },
  otherSide: 'connected',
  since: 0,
  ...changes,
});
const offered = { since: 10_000, from: '102' };

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

test('the caller is found by number, else the only call that rings is taken', () => {
  const other = call({ id: 'd', with: { number: '103', name: 'Chloe' } });
  expect(ringingViewOf(offered, [other, call()])?.id).toBe('c');
  expect(ringingViewOf({ ...offered, from: 'anonymous' }, [other])?.id).toBe('d');
  expect(ringingViewOf(offered, [])).toBeUndefined();
});
