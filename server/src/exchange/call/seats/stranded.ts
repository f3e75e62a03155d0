import { isReplaceable } from '../machines/sides.ts';
import type { ShownCall } from '../shown-call.ts';
import type { Seat } from './seat.ts';

/** The seat of a call whose phone's path has stayed with the peer before. Of two such phones neither would follow the other. */
export function strandedIn({ state, seats }: Pick<ShownCall, 'state' | 'seats'>): Seat | undefined {
  if (state.kind !== 'talking' || !isReplaceable(state)) return undefined;
  const [caller, callee] = [seats.get(state.caller), seats.get(state.callee)];
  if (isStranded(caller, callee)) return caller;
  return isStranded(callee, caller) ? callee : undefined;
}

const isStranded = (seat: Seat | undefined, peer: Seat | undefined): boolean =>
  seat?.path?.isStale === true && peer?.path?.mayStay !== true;
