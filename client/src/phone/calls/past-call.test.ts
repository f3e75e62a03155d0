import type { PastCall } from '@perch/shared';
import { expect, test } from 'vitest';
import { byDay, pastKindOf, type PastKind } from './past-call.ts';

const call: PastCall = {
  ...{ id: 'a', at: 1, until: 2, with: { number: '102', name: 'Ben' }, direction: 'in', result: 'answered' },
  ...{ returned: false, ms: 1_000, desk: null, transferred: false, messageMs: null },
};

test.for<readonly [Partial<PastCall>, boolean, PastKind]>([
  [{}, false, 'incoming'],
  [{}, true, 'elsewhere'],
  [{ direction: 'out' }, false, 'outgoing'],
  [{ direction: 'joined' }, false, 'joined'],
  [{ direction: 'out', result: 'not-reached' }, false, 'not-reached'],
  [{ result: 'missed' }, false, 'missed'],
  [{ result: 'missed', returned: true }, false, 'returned'],
  [{ result: 'declined' }, false, 'declined'],
  [{ result: 'declined' }, true, 'declined-elsewhere'],
])('%o, elsewhere %s: %s', ([given, isElsewhere, kind]) => {
  expect(pastKindOf({ ...call, ...given }, isElsewhere)).toBe(kind);
});

test('calls are listed by the days on which they began', () => {
  const noon = new Date(2026, 10, 27, 12).getTime();
  const calls = [noon + 3_600_000, noon, noon - 86_400_000].map((at) => ({ at }));
  expect(byDay(calls).map(({ calls: each }) => each.length)).toEqual([2, 1]);
  expect(byDay([])).toEqual([]);
});
