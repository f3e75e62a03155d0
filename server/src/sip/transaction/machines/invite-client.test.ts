import { expect, test } from 'vitest';
import { begin, step } from './invite-client.ts';
import type { Effect, Event, State } from './invite-client.ts';
import { RELIABLE, STOP, UNRELIABLE } from './timers.ts';
import type { Timers } from './timers.ts';

const calling = (interval: number): State => ({ kind: 'calling', interval });
const abandoned = (interval: number): State => ({ kind: 'abandoned', interval });
const PROCEEDING: State = { kind: 'proceeding' };
const CANCELLED: State = { kind: 'cancelled' };
const ACCEPTED: State = { kind: 'accepted' };
const COMPLETED: State = { kind: 'completed' };
const TERMINATED: State = { kind: 'terminated' };

const send: Effect = { kind: 'send' };
const sendAck: Effect = { kind: 'send-ack' };
const sendCancel: Effect = { kind: 'send-cancel' };
const deliver: Effect = { kind: 'deliver' };
const timeout: Effect = { kind: 'fail', cause: 'timeout' };
const transport: Effect = { kind: 'fail', cause: 'transport' };
const deadline = (ms: number): Effect => ({ kind: 'start', timer: 'deadline', ms });
const retransmit = (ms: number): Effect => ({ kind: 'start', timer: 'retransmit', ms });

type Row = readonly [state: State, event: Event, next: State, effects: readonly Effect[]];

/** However far the call has come, these end the wait for its final response. */
const concluding = (state: State, refused: State, refusal: readonly Effect[]): readonly Row[] => [
  [state, 'success', ACCEPTED, [STOP, deadline(32_000), deliver]],
  [state, 'failure', refused, refusal],
  [state, 'deadline', TERMINATED, [STOP, timeout]],
  [state, 'transport-error', TERMINATED, [STOP, transport]],
  [state, 'release', state, []],
];

const waiting = [calling(0), abandoned(0), PROCEEDING, CANCELLED];

const whole: readonly Row[] = [
  [calling(0), 'provisional', PROCEEDING, [STOP, deliver]],
  [calling(0), 'cancel', abandoned(0), []],

  [abandoned(0), 'provisional', CANCELLED, [STOP, deadline(32_000), deliver, sendCancel]],
  [abandoned(0), 'cancel', abandoned(0), []],

  [PROCEEDING, 'provisional', PROCEEDING, [deliver]],
  [PROCEEDING, 'cancel', CANCELLED, [deadline(32_000), sendCancel]],
  [PROCEEDING, 'retransmit', PROCEEDING, []],

  [CANCELLED, 'provisional', CANCELLED, [deliver]],
  [CANCELLED, 'cancel', CANCELLED, []],
  [CANCELLED, 'retransmit', CANCELLED, []],

  [ACCEPTED, 'provisional', ACCEPTED, []],
  [ACCEPTED, 'success', ACCEPTED, [deliver]],
  [ACCEPTED, 'failure', ACCEPTED, []],
  [ACCEPTED, 'cancel', ACCEPTED, []],
  [ACCEPTED, 'retransmit', ACCEPTED, []],
  [ACCEPTED, 'release', TERMINATED, [STOP]],
  [ACCEPTED, 'deadline', TERMINATED, [STOP]],
  [ACCEPTED, 'transport-error', TERMINATED, [STOP]],

  [COMPLETED, 'provisional', COMPLETED, []],
  [COMPLETED, 'success', COMPLETED, []],
  [COMPLETED, 'failure', COMPLETED, [sendAck]],
  [COMPLETED, 'cancel', COMPLETED, []],
  [COMPLETED, 'release', COMPLETED, []],
  [COMPLETED, 'deadline', TERMINATED, [STOP]],
  [COMPLETED, 'transport-error', TERMINATED, [STOP]],

  [TERMINATED, 'provisional', TERMINATED, []],
  [TERMINATED, 'success', TERMINATED, []],
  [TERMINATED, 'failure', TERMINATED, []],
  [TERMINATED, 'cancel', TERMINATED, []],
  [TERMINATED, 'deadline', TERMINATED, []],
  [TERMINATED, 'transport-error', TERMINATED, []],
];

const overReliable: readonly Row[] = [
  ...whole,
  ...waiting.flatMap((state) => concluding(state, TERMINATED, [STOP, sendAck, deliver])),
];

const overUnreliable: readonly Row[] = [
  ...whole,
  ...waiting.flatMap((state) => concluding(state, COMPLETED, [STOP, deadline(32_000), sendAck, deliver])),
  [calling(500), 'retransmit', calling(1000), [retransmit(1000), send]],
  [calling(8000), 'retransmit', calling(16_000), [retransmit(16_000), send]],
  [calling(500), 'cancel', abandoned(500), []],
  [abandoned(500), 'retransmit', abandoned(1000), [retransmit(1000), send]],
];

const check =
  (timers: Timers) =>
  ([state, event, next, effects]: Row): void => {
    expect(step(state, event, timers)).toEqual([next, effects]);
  };

test.for(overReliable)('over a reliable transport: %j, %s -> %j', check(RELIABLE));
test.for(overUnreliable)('over an unreliable transport: %j, %s -> %j', check(UNRELIABLE));

test('is sent, timer B running, timer A only where the transport does not retransmit', () => {
  expect(begin(RELIABLE)).toEqual([calling(0), [deadline(32_000), send]]);
  expect(begin(UNRELIABLE)).toEqual([calling(500), [deadline(32_000), retransmit(500), send]]);
});
