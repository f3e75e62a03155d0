import { expect, test } from 'vitest';
import { keepCutCall, takeCutCall } from './cut-call.ts';

test('a call that ended with its page is reported once, and at its own terminal', () => {
  const call = { with: { number: '103', name: 'Chloe' }, stay: null };
  keepCutCall('102', call);
  expect(takeCutCall('101')).toBeNull();
  expect(takeCutCall('102')).toEqual(call);
  expect(takeCutCall('102')).toBeNull();
});

test('an unreadable entry is ignored', () => {
  sessionStorage.setItem('perch.cut-call.102', '{');
  expect(takeCutCall('102')).toBeNull();
});
