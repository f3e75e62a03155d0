import { isAway, isReplaceable } from '../machines/sides.ts';
import type { ShownCall } from '../shown-call.ts';
import type { Seat } from './seat.ts';

/** The seat of a call whose phone's path has stayed with the peer before; it has to be there to be asked for another one. */
export function strandedIn({ state, seats }: Pick<ShownCall, 'state' | 'seats'>): Seat | undefined {
  if (state.kind !== 'talking' || !isReplaceable(state)) return undefined;
  const legs = [state.caller, state.callee];
  if (legs.some((leg) => isAway(state, leg))) return undefined;
  return legs.map((leg) => seats.get(leg)).find((seat) => seat?.path?.isStale === true);
}
