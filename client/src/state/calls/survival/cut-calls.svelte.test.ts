import { beforeEach, expect, test } from 'vitest';
import { keepCutCalls, takeCutCalls } from './cut-calls.ts';

beforeEach(() => {
  sessionStorage.clear();
});

test('calls that ended with their page are reported once, and at their own terminal', () => {
  const calls = [
    { id: 'a', with: { number: '103', name: 'Chloe' }, stay: null, code: null },
    { id: null, with: null, stay: 5, code: '*30' },
  ];
  keepCutCalls('102', calls);
  expect(takeCutCalls('101')).toEqual([]);
  expect(takeCutCalls('102')).toEqual(calls);
  expect(takeCutCalls('102')).toEqual([]);
});

test('a page without a call leaves nothing behind', () => {
  keepCutCalls('102', []);
  expect(Object.keys(sessionStorage)).toEqual([]);
});

test.for(['{', '{"with":null,"stay":null}'])('an unreadable entry (%s) is ignored', (text) => {
  sessionStorage.setItem('perch.cut-call.102', text);
  expect(takeCutCalls('102')).toEqual([]);
});
