import { assertNever } from '@perch/shared';
import { start, STOP } from './timers.ts';
import type { TimerEffect, Timers } from './timers.ts';

/** Client transaction of any request but INVITE and ACK (RFC 3261 §17.1.2). */
export type State =
  /** No answer yet; sends again after `interval` ms. */
  | { readonly kind: 'trying'; readonly interval: number }
  | { readonly kind: 'proceeding' }
  /** A final response came: absorbs further ones. */
  | { readonly kind: 'completed' }
  | { readonly kind: 'terminated' };

export type Event =
  | 'provisional'
  | 'final'
  /** Timer E. */
  | 'retransmit'
  /** Timer F or K, by the state. */
  | 'deadline'
  | 'transport-error';

export type Effect =
  | TimerEffect
  | { readonly kind: 'send' }
  /** Hands the response to the user. */
  | { readonly kind: 'deliver' }
  | { readonly kind: 'fail'; readonly cause: 'timeout' | 'transport' };

type Step = readonly [State, readonly Effect[]];

/** Before `begin`. */
export const TRYING: State = { kind: 'trying', interval: 0 };
const PROCEEDING: State = { kind: 'proceeding' };
const COMPLETED: State = { kind: 'completed' };
const TERMINATED: State = { kind: 'terminated' };

const SEND: Effect = { kind: 'send' };
const DELIVER: Effect = { kind: 'deliver' };
const ANSWERED: Step = [TERMINATED, [STOP, DELIVER]];
const TIMEOUT: Step = [TERMINATED, [STOP, { kind: 'fail', cause: 'timeout' }]];
const BROKEN: Step = [TERMINATED, [STOP, { kind: 'fail', cause: 'transport' }]];

export const begin = (timers: Timers): Step => [
  { kind: 'trying', interval: timers.e },
  [...start('deadline', timers.f), ...start('retransmit', timers.e), SEND],
];

/** An event that the state does not know leaves everything as it is. */
export function step(state: State, event: Event, timers: Timers): Step {
  switch (state.kind) {
    case 'trying':
      if (event === 'retransmit') {
        const interval = Math.min(2 * state.interval, timers.t2);
        return [{ kind: 'trying', interval }, [...start('retransmit', interval), SEND]];
      }
      // Timer F goes on; timer E, where it runs, goes on at T2 (RFC 3261 §17.1.2.2).
      if (event === 'provisional') return [PROCEEDING, [DELIVER]];
      return conclude(state, event, timers);
    case 'proceeding':
      if (event === 'retransmit') return [state, [...start('retransmit', timers.t2), SEND]];
      if (event === 'provisional') return [state, [DELIVER]];
      return conclude(state, event, timers);
    case 'completed':
      if (event === 'deadline' || event === 'transport-error') return [TERMINATED, [STOP]];
      return [state, []];
    case 'terminated':
      return [state, []];
    default:
      return assertNever(state);
  }
}

/** What ends the wait for a final response. */
function conclude(state: State, event: Event, timers: Timers): Step {
  if (event === 'final') {
    return timers.k === 0 ? ANSWERED : [COMPLETED, [STOP, ...start('deadline', timers.k), DELIVER]];
  }
  if (event === 'deadline') return TIMEOUT;
  if (event === 'transport-error') return BROKEN;
  return [state, []];
}
