import { expect, test } from 'vitest';
import { scopeOf } from './rights.ts';

const administrator = { roles: ['administrator'], extension: null, groups: null } as const;

test('a token reaches no further than it was made for, and never further than its maker', () => {
  expect(scopeOf(administrator, 'view-extensions')).toEqual({ kind: 'everything' });
  const token = { ...administrator, actions: ['view-floor', 'manage-organizations'] } as const;
  expect(scopeOf(token, 'view-floor')).toEqual({ kind: 'everything' });
  expect(scopeOf(token, 'view-extensions')).toBeUndefined();
  expect(scopeOf(token, 'manage-organizations')).toBeUndefined();
});
