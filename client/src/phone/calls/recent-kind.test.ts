import { expect, test } from 'vitest';
import type { Ending } from './call.ts';
import { recentKindOf, type RecentKind } from './recent-kind.ts';

test.for<readonly ['incoming' | 'outgoing', boolean, Ending, RecentKind | null]>([
  ['incoming', false, 'there', 'missed'],
  ['incoming', false, 'no-answer', 'missed'],
  ['incoming', false, 'connection', 'missed'],
  ['incoming', false, 'here', 'declined'],
  ['incoming', false, 'declined', 'declined'],
  ['incoming', false, 'elsewhere', 'elsewhere'],
  ['incoming', false, 'moved', null],
  ['incoming', true, 'there', 'incoming'],
  ['incoming', true, 'here', 'incoming'],
  ['incoming', true, 'connection', 'incoming'],
  ['outgoing', true, 'here', 'outgoing'],
  ['outgoing', true, 'connection', 'outgoing'],
  ['outgoing', false, 'here', 'outgoing'],
  ['outgoing', false, 'busy', 'not-reached'],
  ['outgoing', false, 'no-such-number', 'not-reached'],
  ['outgoing', false, 'declined', 'not-reached'],
  ['outgoing', false, 'failed', 'not-reached'],
  ['outgoing', false, 'connection', 'not-reached'],
])('%s, answered %s, over because of %s: %s', ([direction, answered, ending, kind]) => {
  expect(recentKindOf({ direction, answered, ending })).toBe(kind);
});
