import type { Reason } from '../../../sip/user-agent/leg.ts';
import { infoAcross, reasonAcross } from './crossing.ts';
import { REASONS } from '../outcome.ts';
import {
  type Effect,
  type Event,
  IDLE,
  over,
  type Pending,
  type Said,
  type Step,
  type Talking,
} from './call-state.ts';
import type { LegId } from './fork.ts';
import { hostSaid, lineSaid, reunited } from './apart.ts';
import { holds } from './hold.ts';
import { host } from './hosting.ts';
import { kept } from './keeping.ts';
import { abandonMove, divide, exchangeSaid, isNewcomer, pickUp, settled, startMove } from './joining.ts';
import { isReseat, reseatCalled, reseatSaid, reseatUnanswered } from './re-seating.ts';
import { endAll, endCall, isSide, otherSide } from './sides.ts';
import { branchSaid, isBranch, stepTransfer, tryJoin } from './transfer.ts';
import { outsiderEnded } from './transfer-failed.ts';

/** Two legs in a call. */
export const stepTalking = (state: Talking, event: Event): Step =>
  kept(state, reunited(stepped(state, event)));

function stepped(state: Talking, event: Event): Step {
  switch (event.kind) {
    case 'said':
      return said(state, event.leg, event.event);
    case 'saved':
      return settled(state);
    case 'peer-gone':
      return peerGone(state, event.leg, event.why);
    case 'line-lost':
    case 'line-back':
    case 'reloaded':
      return thenJoin(lineSaid(state, event));
    case 'hosted':
      return thenJoin(hostSaid(state, event));
    case 'seat-move':
      return startMove(state, event);
    case 'pick-up':
      return pickUp(state, event);
    case 'divide':
      return divide(state, event);
    case 're-seat-called':
      return reseatCalled(state, event.newcomer);
    case 'no-answer':
      return state.exchange.kind === 're-seating'
        ? reseatUnanswered(state, state.exchange)
        : stepTransfer(state, event);
    case 'lent':
      return [{ ...state, exchange: { kind: 'lent', leg: event.leg, to: event.to } }, []];
    case 'given-back':
      return givenBack(state, event.pending);
    case 'taken': {
      if (state.exchange.kind !== 'lent') return [state, []];
      const rest = otherSide(state, state.exchange.leg);
      const ends = rest === state.left ? [] : endAll([rest], 'transferred');
      return [over(state), [...ends, { kind: 'finish', outcome: 'transferred' }]];
    }
    default:
      return stepTransfer(state, event);
  }
}

/** A leg whose media were on the way to the other call is joined with its own other side again, once it has answered or made its offer. */
function givenBack(state: Talking, pending: Pending): Step {
  const { exchange, left } = state;
  if (exchange.kind !== 'lent') return [state, []];
  if (left !== null) return endCall({ ...state, exchange: IDLE }, left, REASONS.failed);
  const source = exchange.leg;
  const sink = otherSide(state, source);
  const goal = 'restored';
  switch (pending) {
    case 'nothing':
      return [{ ...state, exchange: IDLE }, []];
    case 'answer':
      return [
        { ...state, exchange: { kind: 'offering', source, sink: source, sdp: '', goal: 'abandoned' } },
        [],
      ];
    case 'offer':
      return [{ ...state, exchange: { kind: 'asking', source, sink, goal } }, []];
    default: {
      const { sdp } = pending;
      return [
        { ...state, exchange: { kind: 'offering', source, sink, sdp, goal } },
        [{ kind: 'offer', leg: sink, sdp }],
      ];
    }
  }
}

function said(state: Talking, leg: LegId, event: Said): Step {
  const { exchange } = state;
  if (exchange.kind !== 'lent' || exchange.leg !== leg || !PASSED_ON.has(event.kind)) {
    return heard(state, leg, event);
  }
  const passed: Effect = { kind: 'pass-on', call: exchange.to, leg, event };
  const [next, effects] = heard(state, leg, event);
  return [next, [...effects, passed]];
}

/** The call that joins a lent leg hears its answers; its requests stay with us. */
const PASSED_ON: ReadonlySet<Said['kind']> = new Set(['offer-answered', 'offer-made', 'offer-refused']);

function heard(state: Talking, leg: LegId, event: Said): Step {
  if (event.kind === 'offered') return offered(state, leg, event.sdp);
  if (isBranch(state, leg)) return branchSaid(state, leg, event);
  if (isReseat(state, leg)) return reseatSaid(state, event);
  switch (event.kind) {
    case 'ended':
    case 'cancelled':
    case 'failed':
      return ended(state, leg, event.reason && reasonAcross(event.reason));
    case 'info': {
      if (!isSide(state, leg) || state.left !== null) return [state, []];
      const info = infoAcross(event);
      return [state, info === undefined ? [] : [{ kind: 'info', leg: otherSide(state, leg), ...info }]];
    }
    default:
      return thenJoin(exchangeSaid(state, leg, event));
  }
}

/** Re-INVITE or UPDATE of one side goes to the other; while an exchange is under way it is refused with 491 (RFC 3261 §14.2). */
function offered(state: Talking, leg: LegId, sdp: string): Step {
  if (state.exchange.kind !== 'idle' || state.left !== null || !isSide(state, leg)) {
    return [state, [{ kind: 'refuse-offer', leg, status: 491 }]];
  }
  if (state.reloaded.includes(otherSide(state, leg))) return host(state, leg, sdp);
  return [
    { ...state, exchange: { kind: 'relaying', from: leg, holds: holds(sdp) } },
    [{ kind: 'offer', leg: otherSide(state, leg), sdp }],
  ];
}

/** A leg has ended: if it is a side that is not being replaced, the call ends with it. */
function ended(state: Talking, leg: LegId, reason: Reason | undefined): Step {
  if (isNewcomer(state, leg)) return abandonMove(state, leg);
  if (!isSide(state, leg)) return thenJoin(outsiderEnded(state, leg));
  if (!isLeavable(state, leg)) return endCall(state, leg, reason);
  const { exchange } = state;
  // Its own re-offer, if one is out, is answered first.
  if (exchange.kind !== 'relaying' || exchange.from === leg) return [{ ...state, left: leg }, []];
  const idle: Talking = { ...state, left: leg, exchange: IDLE };
  // There is no one left to answer the other side's offer; it may try again with the newcomer.
  const [next, effects] = tryJoin(idle);
  return [next, [{ kind: 'refuse-offer', leg: exchange.from, status: 491 }, ...effects]];
}

/** A dialog whose phone is lost still exists on our side: it is ended, and the call with it if the leg is a side. */
function peerGone(state: Talking, leg: LegId, why: 'lost' | 'reloaded' | 'transferred'): Step {
  const [next, effects] =
    isSide(state, leg) && !isNewcomer(state, leg)
      ? endCall(state, leg, REASONS.lost, why === 'lost' ? 'lost' : 'answered')
      : ended(state, leg, REASONS.lost);
  return [next, [...endAll([leg], why), ...effects]];
}

/** Is another leg about to take that side's place? */
function isLeavable(state: Talking, leg: LegId): boolean {
  const { exchange, transfer, left } = state;
  if (left !== null) return false;
  if (transfer !== null) return transfer.by === leg;
  if (exchange.kind === 'lent') return exchange.leg !== leg;
  if (exchange.kind === 're-seating') return exchange.goal === 'move' && exchange.replaced !== leg;
  if (exchange.kind === 'hosting') return exchange.moves?.replaced === leg;
  return exchange.kind === 'offering' && exchange.goal === 'move' && exchange.sink !== leg;
}

/** A target that has answered waits until no exchange is under way. */
function thenJoin([state, effects]: Step): Step {
  if (state.kind !== 'talking') return [state, effects];
  const [next, more] = tryJoin(state);
  return [next, more.length === 0 ? effects : [...effects, ...more]];
}
