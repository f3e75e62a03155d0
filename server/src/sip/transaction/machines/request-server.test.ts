import { expect, test } from 'vitest';
import { begin, step, TRYING } from './request-server.ts';
import type { Effect, Event, State } from './request-server.ts';
import { RELIABLE, STOP, UNRELIABLE } from './timers.ts';
import type { Timers } from './timers.ts';

const PROCEEDING: State = { kind: 'proceeding' };
const COMPLETED: State = { kind: 'completed' };
const TERMINATED: State = { kind: 'terminated' };

const send: Effect = { kind: 'send' };
const sendTrying: Effect = { kind: 'send-trying' };
const resend: Effect = { kind: 'resend' };
const deadline = (ms: number): Effect => ({ kind: 'start', timer: 'deadline', ms });

type Row = readonly [state: State, event: Event, next: State, effects: readonly Effect[]];

const whole: readonly Row[] = [
  [TRYING, 'request', TRYING, []],
  [TRYING, 'trying', PROCEEDING, [STOP, deadline(28_500), send]],
  [TRYING, 'deadline', PROCEEDING, [deadline(28_500), sendTrying]],
  [TRYING, 'timeout', TERMINATED, [STOP]],
  [TRYING, 'transport-error', TERMINATED, [STOP]],

  [PROCEEDING, 'request', PROCEEDING, [resend]],
  [PROCEEDING, 'trying', PROCEEDING, [send]],
  [PROCEEDING, 'deadline', TERMINATED, [STOP]],
  [PROCEEDING, 'timeout', TERMINATED, [STOP]],
  [PROCEEDING, 'transport-error', TERMINATED, [STOP]],

  [COMPLETED, 'request', COMPLETED, [resend]],
  [COMPLETED, 'trying', COMPLETED, []],
  [COMPLETED, 'timeout', COMPLETED, []],
  [COMPLETED, 'final', COMPLETED, []],
  [COMPLETED, 'deadline', TERMINATED, [STOP]],
  [COMPLETED, 'transport-error', TERMINATED, [STOP]],

  [TERMINATED, 'request', TERMINATED, []],
  [TERMINATED, 'trying', TERMINATED, []],
  [TERMINATED, 'final', TERMINATED, []],
  [TERMINATED, 'timeout', TERMINATED, []],
  [TERMINATED, 'deadline', TERMINATED, []],
];

const overReliable: readonly Row[] = [
  ...whole,
  [TRYING, 'final', TERMINATED, [STOP, send]],
  [PROCEEDING, 'final', TERMINATED, [STOP, send]],
];

const overUnreliable: readonly Row[] = [
  ...whole,
  [TRYING, 'final', COMPLETED, [STOP, deadline(32_000), send]],
  [PROCEEDING, 'final', COMPLETED, [STOP, deadline(32_000), send]],
];

const check =
  (timers: Timers) =>
  ([state, event, next, effects]: Row): void => {
    expect(step(state, event, timers)).toEqual([next, effects]);
  };

test.for(overReliable)('over a reliable transport: %j, %s -> %j', check(RELIABLE));
test.for(overUnreliable)('over an unreliable transport: %j, %s -> %j', check(UNRELIABLE));

test('a 100 is sent for a silent user after 3.5 s (RFC 4320 §4.1)', () => {
  expect(begin(RELIABLE)).toEqual([deadline(3500)]);
});
