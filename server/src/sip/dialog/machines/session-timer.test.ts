import { expect, test } from 'vitest';
import { grant, off, step } from './session-timer.ts';
import type { Effect, Event, Grant, State, Terms } from './session-timer.ts';

const ours: State = { kind: 'ours', seconds: 1800 };
const refreshing: State = { kind: 'refreshing', seconds: 1800 };
const over: State = { kind: 'over' };
const theirs: State = { kind: 'theirs', seconds: 90 };

test.for<[from: State, event: Event, to: State, effects: Effect[]]>([
  [off, { kind: 'agreed', seconds: 1800, refresher: 'us' }, ours, [{ kind: 'arm', seconds: 900 }]],
  // BYE goes out min(32, 90/3) s before the end (RFC 4028 §10).
  [off, { kind: 'agreed', seconds: 90, refresher: 'peer' }, theirs, [{ kind: 'arm', seconds: 60 }]],
  [ours, { kind: 'due' }, refreshing, [{ kind: 'arm', seconds: 868 }, { kind: 'refresh' }]],
  [refreshing, { kind: 'agreed', seconds: 1800, refresher: 'us' }, ours, [{ kind: 'arm', seconds: 900 }]],
  [refreshing, { kind: 'due' }, off, [{ kind: 'expire' }]],
  [theirs, { kind: 'due' }, off, [{ kind: 'expire' }]],
  [theirs, { kind: 'agreed', seconds: 90, refresher: 'peer' }, theirs, [{ kind: 'arm', seconds: 60 }]],
  [ours, { kind: 'declined' }, off, [{ kind: 'disarm' }]],
  [theirs, { kind: 'ended' }, over, [{ kind: 'disarm' }]],
  [over, { kind: 'agreed', seconds: 1800, refresher: 'us' }, over, []],
  [over, { kind: 'due' }, over, []],
  [off, { kind: 'due' }, off, []],
  [off, { kind: 'declined' }, off, []],
])('%j, on %j', ([from, event, to, effects]) => {
  expect(step(from, event)).toEqual([to, effects]);
});

test.for<[asked: Terms, granted: Grant]>([
  [
    { seconds: 90, refresher: undefined },
    { seconds: 1800, refresher: 'uas' },
  ],
  [
    { seconds: 1800, refresher: 'uas' },
    { seconds: 1800, refresher: 'uas' },
  ],
  [
    { seconds: 120, refresher: 'uac' },
    { seconds: 120, refresher: 'uac' },
  ],
])('%j is granted as %j', ([asked, granted]) => {
  expect(grant(asked)).toEqual(granted);
});
