import { expect, test } from 'vitest';
import { step } from './subscription-life.ts';
import type { Effect, Event, NotifyResult, State } from './subscription-life.ts';

const confirmed: State = { kind: 'confirmed' };
const fresh: State = { kind: 'notifying', stale: false };
const stale: State = { kind: 'notifying', stale: true };
const leaving: State = { kind: 'leaving' };
const over: State = { kind: 'over' };

const notify: Effect = { kind: 'notify' };
const last: readonly Effect[] = [{ kind: 'notify-last' }, { kind: 'release', last: 'unanswered' }];
const release = (outcome: NotifyResult): readonly Effect[] => [{ kind: 'release', last: outcome }];

test.for<[from: State, event: Event, to: State, effects: readonly Effect[]]>([
  [confirmed, 'subscribed', fresh, [notify]],
  [confirmed, 'moved', fresh, [notify]],
  [confirmed, 'changed', fresh, [notify]],
  [confirmed, 'accepted', confirmed, []],
  [confirmed, 'failed', confirmed, []],
  [confirmed, 'expired', over, last],
  [confirmed, 'closed', over, release('confirmed')],
  [fresh, 'subscribed', stale, []],
  [fresh, 'moved', fresh, [notify]],
  [fresh, 'changed', stale, []],
  [fresh, 'accepted', confirmed, []],
  [fresh, 'failed', over, release('refused')],
  [fresh, 'expired', leaving, []],
  [fresh, 'closed', over, release('unanswered')],
  [stale, 'changed', stale, []],
  [stale, 'moved', fresh, [notify]],
  [stale, 'accepted', fresh, [notify]],
  [stale, 'failed', over, release('refused')],
  [stale, 'expired', leaving, []],
  [leaving, 'subscribed', leaving, []],
  [leaving, 'moved', leaving, []],
  [leaving, 'changed', leaving, []],
  [leaving, 'expired', leaving, []],
  [leaving, 'accepted', over, last],
  [leaving, 'failed', over, release('refused')],
  [leaving, 'closed', over, release('unanswered')],
  [over, 'subscribed', over, []],
  [over, 'changed', over, []],
  [over, 'accepted', over, []],
  [over, 'closed', over, []],
])('%j on %s is %j', ([from, event, to, effects]) => {
  expect(step(from, event)).toEqual([to, effects]);
});
