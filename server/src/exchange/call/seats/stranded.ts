import { isAway, isReplaceable } from '../machines/sides.ts';
import type { ShownCall } from '../shown-call.ts';
import type { Seat } from './seat.ts';

/** The seat of a call whose phone's path has stayed with the peer before; it has to be there to be asked for another one. */
export function strandedIn({ state, seats }: Pick<ShownCall, 'state' | 'seats'>): Seat | undefined {
  if (state.kind !== 'talking' || !isReplaceable(state)) return undefined;
  if (isAway(state, state.caller) || isAway(state, state.callee)) return undefined;
  const caller = seats.get(state.caller);
  if (caller?.path?.isStale === true) return caller;
  const callee = seats.get(state.callee);
  return callee?.path?.isStale === true ? callee : undefined;
}
