import { REASONS } from '../outcome.ts';
import { type Effect, IDLE, type Said, type Step, type Talking } from './call-state.ts';
import type { Exchange } from './exchange.ts';
import type { LegId } from './fork.ts';
import { heldAfter, isOnHold } from './hold.ts';
import { offerTo, rejoin } from './joining.ts';
import { moved, settle, transferred } from './settling.ts';
import { endAll, otherSide, withSide } from './sides.ts';

/*
 * Re-seating: a party gets a new session of its phone in place of the old one (RFC 3891). The old session goes on undisturbed until the new
 * one has been answered and is in storage. Where the new one fails, the offer goes to the old one instead.
 */

type Reseating = Extract<Exchange, { kind: 're-seating' }>;

/** Is this the new session of a phone that is being re-seated? */
export const isReseat = ({ exchange }: Talking, leg: LegId): boolean =>
  exchange.kind === 're-seating' && exchange.newcomer === leg;

/** The phone has been called, or cannot be. */
export function reseatCalled(state: Talking, newcomer: LegId | null): Step {
  const { exchange } = state;
  if (exchange.kind !== 're-seating') return [state, []];
  if (newcomer === null) return fallBack(state, exchange, [{ kind: 'stop-no-answer' }]);
  return [{ ...state, exchange: { ...exchange, newcomer } }, []];
}

/** What the new session reports until it is answered. */
export function reseatSaid(state: Talking, said: Said): Step {
  const { exchange } = state;
  if (exchange.kind !== 're-seating') return [state, []];
  switch (said.kind) {
    case 'answered':
      return reseated(state, exchange, said.sdp);
    case 'failed':
    case 'ended':
      return fallBack(state, exchange, [{ kind: 'stop-no-answer' }]);
    default:
      return [state, []];
  }
}

/**
 * The phone takes too long: its INVITE is cancelled. Only when it has failed does the offer go to the old session: a phone whose answer crosses
 * our CANCEL has ended that one.
 */
export const reseatUnanswered = (state: Talking, { newcomer }: Reseating): Step => [
  state,
  newcomer === null ? [] : [{ kind: 'withdraw', leg: newcomer, reason: REASONS['no-answer'] }],
];

function reseated(state: Talking, exchange: Reseating, answer: string): Step {
  const { source, replaced, newcomer, sdp } = exchange;
  const { transfer } = state;
  const { goal } = exchange;
  if (newcomer === null) return [state, []];
  if (goal === 'abandoned') {
    const back = withSide(state, replaced, newcomer);
    const [asking, effects] = rejoin(back, otherSide(back, newcomer), newcomer);
    return [asking, [{ kind: 'save' }, ...endAll([replaced], 'transferred'), ...effects]];
  }
  const held = heldAfter({ source, sink: newcomer, sdp }, answer);
  const joined = withSide({ ...state, held, apart: false }, replaced, newcomer);
  const [next, effects] =
    goal === 'move'
      ? moved(joined, exchange, otherSide(state, replaced), answer, [replaced])
      : transfer === null
        ? settle(joined, [replaced], { source, sdp: answer, goal, onHold: isOnHold(sdp), refer: null }, [])
        : transferred(joined, transfer, exchange, answer, [replaced]);
  return [next, [{ kind: 'stop-no-answer' }, ...effects]];
}

/** The old session gets the offer as a re-INVITE, as that of a phone which cannot be re-seated. */
function fallBack(state: Talking, exchange: Reseating, effects: readonly Effect[]): Step {
  const { source, replaced, sdp, goal, party } = exchange;
  if (goal === 'abandoned') return [{ ...state, exchange: IDLE }, effects];
  const [next, offered] = offerTo(state, { source, sink: replaced, sdp, goal, party });
  return [next, [...effects, ...offered]];
}
