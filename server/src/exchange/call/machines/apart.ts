import { type Event, IDLE, type Step, type Talking } from './call-state.ts';
import type { LegId } from './fork.ts';
import { holds, withHold } from './hold.ts';
import { hosted } from './hosting.ts';
import { ask, exchangeSaid } from './joining.ts';
import { moved } from './settling.ts';
import { endCall, isAway, isReplaceable, otherSide, without } from './sides.ts';
import { REASONS } from '../outcome.ts';

/** A phone has lost its line, or is back, or its page was loaded anew. */
export function lineSaid(
  state: Talking,
  { kind, leg }: Extract<Event, { readonly kind: 'line-lost' | 'reloaded' | 'line-back' }>,
): Step {
  if (kind === 'line-back') {
    if (!isAway(state, leg)) return [state, []];
    return [{ ...state, away: without(state.away, leg), reloaded: without(state.reloaded, leg) }, []];
  }
  const away = isAway(state, leg) ? state.away : [...state.away, leg];
  if (kind === 'line-lost') return [{ ...state, away }, []];
  return reloaded({ ...state, away, reloaded: [...without(state.reloaded, leg), leg] }, leg);
}

/** Whatever that session has been asked for, it will not say it any more. */
function reloaded(state: Talking, leg: LegId): Step {
  const { exchange } = state;
  const refused = { kind: 'offer-refused', status: 480 } as const;
  if (exchange.kind === 'lent' && exchange.leg === leg)
    return [state, [{ kind: 'pass-on', call: exchange.to, leg, event: refused }]];
  return exchangeSaid(state, leg, refused);
}

/** The server has answered the offer of a leg while the other side is away. */
export function hostSaid(state: Talking, event: Extract<Event, { readonly kind: 'hosted' }>): Step {
  const { exchange, left } = state;
  if (exchange.kind !== 'hosting' || exchange.source !== event.leg) return [state, []];
  const { source, sdp, moves } = exchange;
  if (moves === null) return hosted(state, exchange, event.answer);
  const { replaced, party } = moves;
  const idle: Talking = { ...state, exchange: IDLE };
  if (event.answer === null) {
    const reject = { kind: 'reject', leg: source, failure: 'not-acceptable' } as const;
    const [next, effects] = left === null ? ([idle, []] as Step) : endCall(idle, left, REASONS.failed);
    return [next, [reject, ...effects]];
  }
  const held = withHold(without(state.held, replaced), source, holds(sdp));
  return moved({ ...state, held, apart: true }, { source, party }, replaced, event.answer);
}

/** Two sides without sound of each other are joined as soon as both are there, and nothing else is being agreed. */
export function reunited(step: Step): Step {
  const [state, effects] = step;
  if (state.kind !== 'talking' || !state.apart || !isReplaceable(state)) return step;
  const { caller, callee, parties } = state;
  if (isAway(state, caller) || isAway(state, callee)) return step;
  // A service makes the offer, so that the phone can take it in a new session.
  const source = parties.callee.terminal === null ? callee : caller;
  const [next, asked] = ask(state, source, otherSide(state, source), 'meet');
  return [next, effects.length === 0 ? asked : [...effects, ...asked]];
}
