import { expect, test } from 'vitest';
import { nameOf } from './sentences.ts';

test('a name is isolated from the numbers around it: whatever direction it has, theirs stays', () => {
  expect(nameOf({ number: '103', name: '3 יעל כהן' })).toBe('103 \u20683 יעל כהן\u2069');
  expect(nameOf({ number: '103', name: '' })).toBe('103');
});

test('a long name leaves room for the sentence that it stands in', () => {
  expect(nameOf({ number: '103', name: 'W'.repeat(64) })).toBe(`103 \u2068${'W'.repeat(31)}…\u2069`);
  expect(nameOf({ number: '103', name: 'W'.repeat(32) })).toBe(`103 \u2068${'W'.repeat(32)}\u2069`);
});
