import { expect, test } from 'vitest';
import { step } from './leg-life.ts';
import type { Effect, Event, State } from './leg-life.ts';

const reason = { protocol: 'Q.850', cause: 16 } as const;

/** An effect in few words. */
function brief(effect: Effect): string {
  switch (effect.kind) {
    case 'report':
      return 'by' in effect.event ? `${effect.event.kind} ${effect.event.by}` : effect.event.kind;
    case 'refuse':
      return `refuse ${String(effect.status)}`;
    default:
      return effect.kind;
  }
}

test.for<[from: State['kind'], event: Event, to: State['kind'], effects: string]>([
  ['inviting', { kind: 'progressed', status: 180 }, 'inviting', 'progress'],
  ['inviting', { kind: 'accepted', sdp: 'a', contact: 'c' }, 'confirmed', 'answered'],
  ['inviting', { kind: 'accepted-without-answer' }, 'over', 'bye, failed, release'],
  ['inviting', { kind: 'refused', status: 486 }, 'over', 'failed, release'],
  ['inviting', { kind: 'end' }, 'cancelling', 'cancel'],
  ['inviting', { kind: 'flow-lost' }, 'inviting', ''],
  ['inviting', { kind: 'peer-ended' }, 'inviting', ''],
  ['inviting', { kind: 'withdraw' }, 'withdrawing', 'cancel'],
  ['withdrawing', { kind: 'accepted', sdp: 'a', contact: 'c' }, 'confirmed', 'answered'],
  ['withdrawing', { kind: 'accepted-without-answer' }, 'over', 'bye, failed, release'],
  ['withdrawing', { kind: 'refused', status: 487 }, 'over', 'failed, release'],
  ['withdrawing', { kind: 'progressed', status: 180 }, 'withdrawing', ''],
  ['withdrawing', { kind: 'withdraw' }, 'withdrawing', ''],
  ['withdrawing', { kind: 'end' }, 'cancelling', ''],
  ['cancelling', { kind: 'progressed', status: 180 }, 'cancelling', ''],
  ['cancelling', { kind: 'accepted', sdp: 'a', contact: 'c' }, 'over', 'bye, failed, release'],
  ['cancelling', { kind: 'accepted-without-answer' }, 'over', 'bye, failed, release'],
  ['cancelling', { kind: 'refused', status: 487 }, 'over', 'failed, release'],
  ['cancelling', { kind: 'end' }, 'cancelling', ''],
  ['invited', { kind: 'answer' }, 'answered', ''],
  ['invited', { kind: 'reject' }, 'over', 'ended us, release'],
  ['invited', { kind: 'end', reason }, 'over', 'refuse 480, ended us, release'],
  ['invited', { kind: 'cancelled' }, 'over', 'refuse 487, cancelled, release'],
  ['invited', { kind: 'peer-ended' }, 'over', 'refuse 487, cancelled, release'],
  ['invited', { kind: 'flow-lost' }, 'over', 'ended transport, release'],
  ['invited', { kind: 'acknowledged' }, 'invited', ''],
  ['answered', { kind: 'acknowledged' }, 'confirmed', 'acknowledged'],
  ['answered', { kind: 'unacknowledged' }, 'over', 'bye, ended unacknowledged, release'],
  ['answered', { kind: 'end', reason }, 'leaving', 'ended us'],
  ['answered', { kind: 'peer-ended' }, 'over', 'ended peer, release'],
  ['answered', { kind: 'cancelled' }, 'leaving', 'ended peer'],
  ['answered', { kind: 'flow-lost' }, 'answered', ''],
  ['answered', { kind: 'reject' }, 'answered', ''],
  ['leaving', { kind: 'acknowledged' }, 'over', 'bye, release'],
  ['leaving', { kind: 'unacknowledged' }, 'over', 'bye, release'],
  ['leaving', { kind: 'peer-ended' }, 'over', 'release'],
  ['leaving', { kind: 'end' }, 'leaving', ''],
  ['confirmed', { kind: 'end', reason }, 'over', 'bye, ended us, release'],
  ['confirmed', { kind: 'peer-ended', reason }, 'over', 'ended peer, release'],
  ['confirmed', { kind: 'session-expired' }, 'over', 'bye, ended session-expired, release'],
  ['confirmed', { kind: 'unacknowledged' }, 'over', 'bye, ended unacknowledged, release'],
  ['confirmed', { kind: 'gone' }, 'over', 'bye, ended gone, release'],
  ['confirmed', { kind: 'flow-lost' }, 'confirmed', ''],
  ['confirmed', { kind: 'answer' }, 'confirmed', ''],
  ['confirmed', { kind: 'withdraw' }, 'confirmed', ''],
  ['over', { kind: 'end' }, 'over', ''],
  ['over', { kind: 'accepted', sdp: 'a', contact: 'c' }, 'over', ''],
  ['over', { kind: 'gone' }, 'over', ''],
])('%s, on %j: %s, %s', ([from, event, to, effects]) => {
  const [state, done] = step({ kind: from }, event);
  expect([state.kind, done.map(brief).join(', ')]).toEqual([to, effects]);
});

test.for<[from: State, event: Event]>([
  [{ kind: 'confirmed' }, { kind: 'end', reason }],
  [{ kind: 'leaving', reason }, { kind: 'acknowledged' }],
])('the reason goes out with the BYE, from %j', ([from, event]) => {
  expect(step(from, event)[1]).toContainEqual({ kind: 'bye', reason });
});
