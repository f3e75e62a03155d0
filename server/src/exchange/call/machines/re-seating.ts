import { type Effect, type Exchange, type Said, type Step, type Talking } from './call-state.ts';
import type { LegId } from './fork.ts';
import { heldAfter } from './hold.ts';
import { transferred } from './joining.ts';
import { dismissNewcomer, withSide } from './sides.ts';

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

/** The phone takes too long. */
export const reseatUnanswered = (state: Talking, exchange: Reseating): Step =>
  fallBack(state, exchange, dismissNewcomer(exchange, 'no-answer'));

function reseated(state: Talking, exchange: Reseating, answer: string): Step {
  const { source, replaced, newcomer, sdp } = exchange;
  const { transfer } = state;
  if (newcomer === null || transfer === null) return [state, []];
  const held = heldAfter({ source, sink: newcomer, sdp }, answer);
  const moved = withSide({ ...state, held }, replaced, newcomer);
  const [next, effects] = transferred(moved, transfer, source, answer, [replaced]);
  return [next, [{ kind: 'stop-no-answer' }, ...effects]];
}

/** The old session gets the offer as a re-INVITE, as that of a phone which cannot be re-seated. */
const fallBack = (state: Talking, { source, replaced, sdp }: Reseating, effects: readonly Effect[]): Step => [
  { ...state, exchange: { kind: 'offering', source, sink: replaced, sdp, goal: 're-seat' } },
  [...effects, { kind: 'offer', leg: replaced, sdp }],
];
