import { REASONS, type Why } from '../outcome.ts';
import { type Effect, IDLE, type Pending, type Step, type Talking } from './call-state.ts';
import type { LegId } from './fork.ts';
import { abandonReseat, dismissTarget, endCall, referrerTold } from './sides.ts';

/**
 * The transfer failed: the referrer is told how, and gets the transferee back; if the transferee has already made an
 * offer, the referrer answers it. If the referrer has hung up, the call of the transferee ends. `pending` is what the target is in the
 * middle of, `why` what its phones are told.
 */
export function transferFailed(
  state: Talking,
  status: number,
  pending: Pending = 'nothing',
  why: Why = 'failed',
): Step {
  const { exchange, transfer, left } = state;
  if (transfer === null) return [state, []];
  const { by } = transfer;
  const dismissed = dismissTarget(transfer, why, pending);
  const back: Talking = { ...state, transfer: null };
  if (left !== null) {
    const [over, effects] = endCall(back, left, REASONS.failed);
    return [over, [...dismissed, ...effects]];
  }
  const effects: Effect[] = [...dismissed, ...referrerTold(transfer, Math.max(300, status))];
  if (exchange.kind === 're-seating') {
    const [next, withdrawn] = abandonReseat(back, exchange);
    return [next, [...effects, ...withdrawn]];
  }
  if (
    (exchange.kind === 'asking' || exchange.kind === 'offering') &&
    (exchange.goal === 're-seat' || exchange.goal === 'pick-up')
  ) {
    const isOffered = exchange.kind === 'offering';
    return [{ ...back, exchange: isOffered ? { ...exchange, goal: 'abandoned' } : IDLE }, effects];
  }
  if (exchange.kind === 'asking') {
    return [{ ...back, exchange: { ...exchange, sink: by, goal: 'restored' } }, effects];
  }
  if (exchange.kind === 'offering') {
    const { sdp } = exchange;
    return [
      { ...back, exchange: { ...exchange, sink: by, goal: 'restored' } },
      [...effects, { kind: 'offer', leg: by, sdp }],
    ];
  }
  return [back, effects];
}

/** A leg that was about to join the call, or to leave it, has ended. */
export function outsiderEnded(state: Talking, leg: LegId): Step {
  const { exchange, transfer } = state;
  if (transfer?.target.kind === 'answered' && transfer.target.leg === leg) return transferFailed(state, 480);
  if (exchange.kind === 'settling' && exchange.retired.includes(leg)) {
    const retired = exchange.retired.filter((other) => other !== leg);
    return [{ ...state, exchange: { ...exchange, retired } }, []];
  }
  return [state, []];
}
