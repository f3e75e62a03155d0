import { expect, test } from 'vitest';
import { begin, step } from './request-client.ts';
import type { Effect, Event, State } from './request-client.ts';
import { RELIABLE, STOP, UNRELIABLE } from './timers.ts';
import type { Timers } from './timers.ts';

const trying = (interval: number): State => ({ kind: 'trying', interval });
const PROCEEDING: State = { kind: 'proceeding' };
const COMPLETED: State = { kind: 'completed' };
const TERMINATED: State = { kind: 'terminated' };

const send: Effect = { kind: 'send' };
const deliver: Effect = { kind: 'deliver' };
const timeout: Effect = { kind: 'fail', cause: 'timeout' };
const transport: Effect = { kind: 'fail', cause: 'transport' };
const deadline = (ms: number): Effect => ({ kind: 'start', timer: 'deadline', ms });
const retransmit = (ms: number): Effect => ({ kind: 'start', timer: 'retransmit', ms });

type Row = readonly [state: State, event: Event, next: State, effects: readonly Effect[]];

const whole: readonly Row[] = [
  [trying(0), 'provisional', PROCEEDING, [deliver]],
  [trying(0), 'deadline', TERMINATED, [STOP, timeout]],
  [trying(0), 'transport-error', TERMINATED, [STOP, transport]],

  [PROCEEDING, 'provisional', PROCEEDING, [deliver]],
  [PROCEEDING, 'deadline', TERMINATED, [STOP, timeout]],
  [PROCEEDING, 'transport-error', TERMINATED, [STOP, transport]],

  [COMPLETED, 'provisional', COMPLETED, []],
  [COMPLETED, 'final', COMPLETED, []],
  [COMPLETED, 'retransmit', COMPLETED, []],
  [COMPLETED, 'deadline', TERMINATED, [STOP]],
  [COMPLETED, 'transport-error', TERMINATED, [STOP]],

  [TERMINATED, 'provisional', TERMINATED, []],
  [TERMINATED, 'final', TERMINATED, []],
  [TERMINATED, 'deadline', TERMINATED, []],
  [TERMINATED, 'transport-error', TERMINATED, []],
];

const overReliable: readonly Row[] = [
  ...whole,
  [trying(0), 'final', TERMINATED, [STOP, deliver]],
  [PROCEEDING, 'final', TERMINATED, [STOP, deliver]],
];

const overUnreliable: readonly Row[] = [
  ...whole,
  [trying(500), 'retransmit', trying(1000), [retransmit(1000), send]],
  [trying(4000), 'retransmit', trying(4000), [retransmit(4000), send]],
  [PROCEEDING, 'retransmit', PROCEEDING, [retransmit(4000), send]],
  [trying(500), 'final', COMPLETED, [STOP, deadline(5000), deliver]],
  [PROCEEDING, 'final', COMPLETED, [STOP, deadline(5000), deliver]],
];

const check =
  (timers: Timers) =>
  ([state, event, next, effects]: Row): void => {
    expect(step(state, event, timers)).toEqual([next, effects]);
  };

test.for(overReliable)('over a reliable transport: %j, %s -> %j', check(RELIABLE));
test.for(overUnreliable)('over an unreliable transport: %j, %s -> %j', check(UNRELIABLE));

test('is sent, timer F running, timer E only where the transport does not retransmit', () => {
  expect(begin(RELIABLE)).toEqual([trying(0), [deadline(32_000), send]]);
  expect(begin(UNRELIABLE)).toEqual([trying(500), [deadline(32_000), retransmit(500), send]]);
});
