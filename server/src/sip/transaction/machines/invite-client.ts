import { assertNever } from '@perch/shared';
import { start, STOP } from './timers.ts';
import type { TimerEffect, Timers } from './timers.ts';

/** INVITE client transaction (RFC 3261 §17.1.1, as amended by RFC 6026 §7.2), with its CANCEL (RFC 3261 §9.1). */
export type State =
  /** No answer yet; sends again after `interval` ms. */
  | { readonly kind: 'calling'; readonly interval: number }
  /** The same, and the user wants to cancel: the CANCEL has to wait for a provisional response. */
  | { readonly kind: 'abandoned'; readonly interval: number }
  | { readonly kind: 'proceeding' }
  /** The CANCEL went out. */
  | { readonly kind: 'cancelled' }
  /** A 2xx came: further ones, from other forks or retransmitted, go to the user. */
  | { readonly kind: 'accepted' }
  /** A refusal came: acknowledges further ones. */
  | { readonly kind: 'completed' }
  | { readonly kind: 'terminated' };

export type Event =
  /** The peer answers with 1xx, 2xx, or anything else. */
  | 'provisional'
  | 'success'
  | 'failure'
  /** The user gives up. */
  | 'cancel'
  /** The user wants no further 2xx. */
  | 'release'
  /** Timer A. */
  | 'retransmit'
  /** Timer B, D or M, or the wait after a CANCEL, by the state. */
  | 'deadline'
  | 'transport-error';

export type Effect =
  | TimerEffect
  | { readonly kind: 'send' }
  | { readonly kind: 'send-ack' }
  | { readonly kind: 'send-cancel' }
  /** Hands the response to the user. */
  | { readonly kind: 'deliver' }
  | { readonly kind: 'fail'; readonly cause: 'timeout' | 'transport' };

type Step = readonly [State, readonly Effect[]];

/** Before `begin`. */
export const CALLING: State = { kind: 'calling', interval: 0 };
const PROCEEDING: State = { kind: 'proceeding' };
const CANCELLED: State = { kind: 'cancelled' };
const ACCEPTED: State = { kind: 'accepted' };
const COMPLETED: State = { kind: 'completed' };
const TERMINATED: State = { kind: 'terminated' };

const SEND: Effect = { kind: 'send' };
const SEND_ACK: Effect = { kind: 'send-ack' };
const SEND_CANCEL: Effect = { kind: 'send-cancel' };
const DELIVER: Effect = { kind: 'deliver' };
const OVER: Step = [TERMINATED, [STOP]];
const TIMEOUT: Step = [TERMINATED, [STOP, { kind: 'fail', cause: 'timeout' }]];
const BROKEN: Step = [TERMINATED, [STOP, { kind: 'fail', cause: 'transport' }]];

export const begin = (timers: Timers): Step => [
  { kind: 'calling', interval: timers.a },
  [...start('deadline', timers.b), ...start('retransmit', timers.a), SEND],
];

/** An event that the state does not know leaves everything as it is. */
export function step(state: State, event: Event, timers: Timers): Step {
  switch (state.kind) {
    case 'calling':
    case 'abandoned':
      if (event === 'cancel') return [{ kind: 'abandoned', interval: state.interval }, []];
      if (event === 'retransmit') {
        const interval = 2 * state.interval;
        return [{ kind: state.kind, interval }, [...start('retransmit', interval), SEND]];
      }
      if (event === 'provisional') {
        return state.kind === 'calling'
          ? [PROCEEDING, [STOP, DELIVER]]
          : [CANCELLED, [STOP, ...start('deadline', timers.cancelled), DELIVER, SEND_CANCEL]];
      }
      return conclude(state, event, timers);
    case 'proceeding':
      if (event === 'provisional') return [state, [DELIVER]];
      if (event === 'cancel') return [CANCELLED, [...start('deadline', timers.cancelled), SEND_CANCEL]];
      return conclude(state, event, timers);
    case 'cancelled':
      if (event === 'provisional') return [state, [DELIVER]];
      return conclude(state, event, timers);
    case 'accepted':
      if (event === 'success') return [state, [DELIVER]];
      if (event === 'deadline' || event === 'release' || event === 'transport-error') return OVER;
      return [state, []];
    case 'completed':
      if (event === 'failure') return [state, [SEND_ACK]];
      if (event === 'deadline' || event === 'transport-error') return OVER;
      return [state, []];
    case 'terminated':
      return [state, []];
    default:
      return assertNever(state);
  }
}

/** Events that end the wait for a final response in any state. */
function conclude(state: State, event: Event, timers: Timers): Step {
  if (event === 'success') return [ACCEPTED, [STOP, ...start('deadline', timers.m), DELIVER]];
  if (event === 'failure') {
    return timers.d === 0
      ? [TERMINATED, [STOP, SEND_ACK, DELIVER]]
      : [COMPLETED, [STOP, ...start('deadline', timers.d), SEND_ACK, DELIVER]];
  }
  if (event === 'deadline') return TIMEOUT;
  if (event === 'transport-error') return BROKEN;
  return [state, []];
}
