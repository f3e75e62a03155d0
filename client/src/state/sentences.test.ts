import { expect, test } from 'vitest';
import { nameOf } from './sentences.ts';

test('a name is isolated from the numbers around it: whatever direction it has, theirs stays', () => {
  expect(nameOf({ number: '103', name: '3 יעל כהן' })).toBe('103 \u20683 יעל כהן\u2069');
  expect(nameOf({ number: '103', name: '' })).toBe('103');
});
