import { holds, withHold } from './hold.ts';
import { type Event, IDLE, type Step, type Talking } from './call-state.ts';
import type { Exchange } from './exchange.ts';
import { REASONS } from '../outcome.ts';
import { endCall } from './sides.ts';

/*
 * While one side is away, the server itself answers the other one's offer, so that each can come back on its own, in whatever order. What
 * the two have agreed on is then with the server: they are joined once both are there.
 */

type Hosting = Extract<Exchange, { kind: 'hosting' }>;

/** The server answers that offer; `moves`: as the caller's who makes it, in the place of another leg. */
export const host = (
  state: Talking,
  source: Hosting['source'],
  sdp: string,
  moves: Hosting['moves'] = null,
): Step => [
  { ...state, exchange: { kind: 'hosting', source, sdp, moves } },
  [{ kind: 'host', leg: source, sdp }],
];

/** The server has answered the offer of a side, or cannot: then nobody does. */
export function hosted(
  state: Talking,
  { source, sdp }: Hosting,
  answer: Extract<Event, { readonly kind: 'hosted' }>['answer'],
): Step {
  const idle: Talking = { ...state, exchange: IDLE, apart: true };
  if (answer === null) return endCall(idle, null, REASONS.failed);
  return [
    { ...idle, held: withHold(state.held, source, holds(sdp)) },
    [{ kind: 'accept-offer', leg: source, sdp: answer }],
  ];
}
