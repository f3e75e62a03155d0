import { expect, test } from 'vitest';
import { PROCEEDING, step } from './invite-server.ts';
import type { Effect, Event, State } from './invite-server.ts';
import { RELIABLE, STOP, UNRELIABLE } from './timers.ts';
import type { Timers } from './timers.ts';

const ACCEPTED: State = { kind: 'accepted' };
const COMPLETED: State = { kind: 'completed', interval: 0 };
const CONFIRMED: State = { kind: 'confirmed' };
const TERMINATED: State = { kind: 'terminated' };
const completed = (interval: number): State => ({ kind: 'completed', interval });

const send: Effect = { kind: 'send' };
const resend: Effect = { kind: 'resend' };
const deliverAck: Effect = { kind: 'deliver-ack' };
const deadline = (ms: number): Effect => ({ kind: 'start', timer: 'deadline', ms });
const retransmit = (ms: number): Effect => ({ kind: 'start', timer: 'retransmit', ms });

type Row = readonly [state: State, event: Event, next: State, effects: readonly Effect[]];

const whole: readonly Row[] = [
  [PROCEEDING, 'request', PROCEEDING, [resend]],
  [PROCEEDING, 'provisional', PROCEEDING, [send]],
  [PROCEEDING, 'success', ACCEPTED, [deadline(32_000), send]],
  [PROCEEDING, 'ack', PROCEEDING, []],
  [PROCEEDING, 'release', PROCEEDING, []],
  [PROCEEDING, 'retransmit', PROCEEDING, []],
  [PROCEEDING, 'deadline', PROCEEDING, []],
  [PROCEEDING, 'transport-error', TERMINATED, [STOP]],

  [ACCEPTED, 'request', ACCEPTED, []],
  [ACCEPTED, 'provisional', ACCEPTED, []],
  [ACCEPTED, 'success', ACCEPTED, [send]],
  [ACCEPTED, 'failure', ACCEPTED, []],
  [ACCEPTED, 'ack', ACCEPTED, [deliverAck]],
  [ACCEPTED, 'release', TERMINATED, [STOP]],
  [ACCEPTED, 'retransmit', ACCEPTED, []],
  [ACCEPTED, 'deadline', TERMINATED, [STOP]],
  [ACCEPTED, 'transport-error', TERMINATED, [STOP]],

  [CONFIRMED, 'request', CONFIRMED, []],
  [CONFIRMED, 'success', CONFIRMED, []],
  [CONFIRMED, 'failure', CONFIRMED, []],
  [CONFIRMED, 'ack', CONFIRMED, []],
  [CONFIRMED, 'retransmit', CONFIRMED, []],
  [CONFIRMED, 'deadline', TERMINATED, [STOP]],
  [CONFIRMED, 'transport-error', TERMINATED, [STOP]],

  [TERMINATED, 'request', TERMINATED, []],
  [TERMINATED, 'success', TERMINATED, []],
  [TERMINATED, 'failure', TERMINATED, []],
  [TERMINATED, 'ack', TERMINATED, []],
  [TERMINATED, 'deadline', TERMINATED, []],
];

const overReliable: readonly Row[] = [
  ...whole,
  [PROCEEDING, 'failure', COMPLETED, [deadline(32_000), send]],
  [COMPLETED, 'request', COMPLETED, [resend]],
  [COMPLETED, 'provisional', COMPLETED, []],
  [COMPLETED, 'success', COMPLETED, []],
  [COMPLETED, 'failure', COMPLETED, []],
  [COMPLETED, 'ack', TERMINATED, [STOP]],
  [COMPLETED, 'release', COMPLETED, []],
  [COMPLETED, 'deadline', TERMINATED, [STOP]],
  [COMPLETED, 'transport-error', TERMINATED, [STOP]],
];

const overUnreliable: readonly Row[] = [
  ...whole,
  [PROCEEDING, 'failure', completed(500), [deadline(32_000), retransmit(500), send]],
  [completed(500), 'retransmit', completed(1000), [retransmit(1000), resend]],
  [completed(2000), 'retransmit', completed(4000), [retransmit(4000), resend]],
  [completed(4000), 'retransmit', completed(4000), [retransmit(4000), resend]],
  [completed(4000), 'ack', CONFIRMED, [STOP, deadline(5000)]],
  [completed(4000), 'deadline', TERMINATED, [STOP]],
];

const check =
  (timers: Timers) =>
  ([state, event, next, effects]: Row): void => {
    expect(step(state, event, timers)).toEqual([next, effects]);
  };

test.for(overReliable)('over a reliable transport: %j, %s -> %j', check(RELIABLE));
test.for(overUnreliable)('over an unreliable transport: %j, %s -> %j', check(UNRELIABLE));
