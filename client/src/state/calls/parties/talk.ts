import type { Switched } from '../../../phone/calls/switching.ts';
import type { ActiveCall } from '../active-call.svelte.ts';

/** A call to a person or station, from the first ringback to the end. */
export const isTalk = ({ state, isCenter }: ActiveCall): boolean => state.kind !== 'offered' && !isCenter;

/** A call as far as it matters when another one is to be spoken in. */
export const switchedOf = (call: ActiveCall): Switched => ({
  local: call.identity.local,
  kind: call.state.kind === 'offered' ? 'ringing' : call.isWithServer ? 'service' : 'person',
  isHeld: call.hold.here,
});
