import { assertNever } from '@perch/shared';
import { start, STOP } from './timers.ts';
import type { TimerEffect, Timers } from './timers.ts';

/** Server transaction of any request but INVITE (RFC 3261 §17.2.2, as amended by RFC 4320 §4). */
export type State =
  | { readonly kind: 'trying' }
  | { readonly kind: 'proceeding' }
  /** A final response went out: answers retransmissions with it. */
  | { readonly kind: 'completed' }
  | { readonly kind: 'terminated' };

export type Event =
  /** The request again. */
  | 'request'
  /** The user answers with 100, with 408, or with any other final response. */
  | 'trying'
  | 'timeout'
  | 'final'
  /** In `trying` the user has been silent for too long; in `proceeding` any answer would be too late; in `completed` timer J. */
  | 'deadline'
  | 'transport-error';

export type Effect =
  | TimerEffect
  /** Sends the response that the user just gave. */
  | { readonly kind: 'send' }
  /** Sends a 100 of our own. */
  | { readonly kind: 'send-trying' }
  /** Sends the last response again. */
  | { readonly kind: 'resend' };

export const TRYING: State = { kind: 'trying' };
const PROCEEDING: State = { kind: 'proceeding' };
const COMPLETED: State = { kind: 'completed' };
const TERMINATED: State = { kind: 'terminated' };

const SEND: Effect = { kind: 'send' };
const SEND_TRYING: Effect = { kind: 'send-trying' };
const RESEND: Effect = { kind: 'resend' };
const ANSWERED: readonly [State, readonly Effect[]] = [TERMINATED, [STOP, SEND]];

/** What to do when the user does not answer at once. */
export const begin = (timers: Timers): readonly Effect[] => start('deadline', timers.trying);

/** An event that the state does not know leaves everything as it is. */
export function step(state: State, event: Event, timers: Timers): readonly [State, readonly Effect[]] {
  if (event === 'transport-error') return [TERMINATED, [STOP]];
  switch (state.kind) {
    case 'trying':
      if (event === 'trying') return [PROCEEDING, [STOP, ...start('deadline', timers.expiry), SEND]];
      if (event === 'deadline') return [PROCEEDING, [...start('deadline', timers.expiry), SEND_TRYING]];
      return answer(state, event, timers);
    case 'proceeding':
      if (event === 'trying') return [state, [SEND]];
      if (event === 'request') return [state, [RESEND]];
      if (event === 'deadline') return [TERMINATED, [STOP]];
      return answer(state, event, timers);
    case 'completed':
      if (event === 'request') return [state, [RESEND]];
      if (event === 'deadline') return [TERMINATED, [STOP]];
      return [state, []];
    case 'terminated':
      return [state, []];
    default:
      return assertNever(state);
  }
}

/** A 408 is never sent: the peer has long given up, and a proxy between would take it for its own (RFC 4320 §4.2). */
function answer(state: State, event: Event, timers: Timers): readonly [State, readonly Effect[]] {
  if (event === 'timeout') return [TERMINATED, [STOP]];
  if (event !== 'final') return [state, []];
  return timers.j === 0 ? ANSWERED : [COMPLETED, [STOP, ...start('deadline', timers.j), SEND]];
}
