import { assertNever } from '@perch/shared';
import { start, STOP } from './timers.ts';
import type { TimerEffect, Timers } from './timers.ts';

/** INVITE server transaction (RFC 3261 §17.2.1, as amended by RFC 6026 §7.1). */
export type State =
  | { readonly kind: 'proceeding' }
  /** A 2xx went out: absorbs retransmitted INVITEs, lets further 2xx through. */
  | { readonly kind: 'accepted' }
  /** A refusal went out: waits for its ACK; sends again after `interval` ms. */
  | { readonly kind: 'completed'; readonly interval: number }
  /** The ACK came: absorbs further ones. */
  | { readonly kind: 'confirmed' }
  | { readonly kind: 'terminated' };

export type Event =
  /** The INVITE again. */
  | 'request'
  /** The user answers with 1xx, 2xx, or anything else. */
  | 'provisional'
  | 'success'
  | 'failure'
  | 'ack'
  /** The user sends no further 2xx. */
  | 'release'
  /** Timer G. */
  | 'retransmit'
  /** Timer H, I or L, by the state. */
  | 'deadline'
  | 'transport-error';

export type Effect =
  | TimerEffect
  /** Sends the response that the user just gave. */
  | { readonly kind: 'send' }
  /** Sends the last response again, if there was one. */
  | { readonly kind: 'resend' }
  /** Hands an ACK to the user. */
  | { readonly kind: 'deliver-ack' };

export const PROCEEDING: State = { kind: 'proceeding' };
const ACCEPTED: State = { kind: 'accepted' };
const CONFIRMED: State = { kind: 'confirmed' };
const TERMINATED: State = { kind: 'terminated' };

const SEND: Effect = { kind: 'send' };
const RESEND: Effect = { kind: 'resend' };
const DELIVER_ACK: Effect = { kind: 'deliver-ack' };

/**
 * An event that the state does not know leaves everything as it is. Timers come first among the effects: what is sent may be answered
 * before the next effect is run.
 */
export function step(state: State, event: Event, timers: Timers): readonly [State, readonly Effect[]] {
  if (event === 'transport-error') return [TERMINATED, [STOP]];
  switch (state.kind) {
    case 'proceeding':
      if (event === 'request') return [state, [RESEND]];
      if (event === 'provisional') return [state, [SEND]];
      if (event === 'success') return [ACCEPTED, [...start('deadline', timers.l), SEND]];
      if (event === 'failure') {
        const effects = [...start('deadline', timers.h), ...start('retransmit', timers.g), SEND];
        return [{ kind: 'completed', interval: timers.g }, effects];
      }
      return [state, []];
    case 'accepted':
      if (event === 'success') return [state, [SEND]];
      if (event === 'ack') return [state, [DELIVER_ACK]];
      if (event === 'release' || event === 'deadline') return [TERMINATED, [STOP]];
      return [state, []];
    case 'completed':
      if (event === 'request') return [state, [RESEND]];
      if (event === 'ack') {
        return timers.i === 0 ? [TERMINATED, [STOP]] : [CONFIRMED, [STOP, ...start('deadline', timers.i)]];
      }
      if (event === 'retransmit') {
        const interval = Math.min(2 * state.interval, timers.t2);
        return [{ kind: 'completed', interval }, [...start('retransmit', interval), RESEND]];
      }
      if (event === 'deadline') return [TERMINATED, [STOP]];
      return [state, []];
    case 'confirmed':
      if (event === 'deadline') return [TERMINATED, [STOP]];
      return [state, []];
    case 'terminated':
      return [state, []];
    default:
      return assertNever(state);
  }
}
