import type { TerminalId } from '@perch/shared';
import { type End, isPerson, type Party } from '../ports.ts';
import type { Invited, State } from './call-state.ts';
import type { LegId } from './fork.ts';

/** What of a call's state is visible from outside. */

/** The party that a transfer rings, and the side that asked for it. */
export function invitedIn(state: State): Invited | null {
  if (state.kind !== 'talking' || state.transfer?.target.kind !== 'ringing') return null;
  return state.transfer.invited;
}

/** Phones that are being rung. */
export interface RingingPhones {
  readonly party: Party;
  /** Who they are told is calling. */
  readonly from: End;
  /** Who asked for it: the caller, or the party that transfers the call. */
  readonly by: End;
  readonly branches: readonly LegId[];
}

/** The phones that are being rung, for the call or for a transfer of it. */
export function ringingIn(state: State): RingingPhones | null {
  if (state.kind === 'ringing') {
    const { caller, callee } = state.parties;
    return { party: callee, from: caller, by: caller, branches: state.fork.branches };
  }
  if (state.kind !== 'talking' || state.transfer?.target.kind !== 'ringing') return null;
  const { invited, target } = state.transfer;
  const { parties } = state;
  if (!isPerson(invited.party)) return null;
  const from = invited.by === 'caller' ? parties.callee : parties.caller;
  return { party: invited.party, from, by: parties[invited.by], branches: target.fork.branches };
}

/** Who is to be rung for whom, of a call that goes on elsewhere: the party that was rung, and who called it. */
export function soughtFor(state: State): Pick<RingingPhones, 'from' | 'by'> {
  const { parties } = state;
  if (state.kind !== 'talking' || state.transfer === null)
    return { from: parties.caller, by: parties.caller };
  const { by } = state.transfer.invited;
  return { from: by === 'caller' ? parties.callee : parties.caller, by: parties[by] };
}

const NO_TERMINALS: readonly TerminalId[] = [];
const NOBODY: readonly Party[] = [];

/** The terminals that take part, each once (hot path: with each step of a call, of which most have two). */
export function terminalsIn(state: State): readonly TerminalId[] {
  if (state.kind === 'over') return NO_TERMINALS;
  const { caller, callee } = state.parties;
  const parkedBy = (caller.parked ?? callee.parked)?.by.terminal;
  // One that has answered is not a side before it has been joined: its line may break, and come back, like theirs.
  const invited = state.kind === 'talking' ? state.transfer?.invited : undefined;
  const wokenAt = state.kind === 'ringing' ? state.wokenAt : undefined;
  const isOfTwo = parkedBy === undefined && invited === undefined && wokenAt === undefined;
  if (isOfTwo && caller.terminal !== null && callee.terminal !== null && caller.terminal !== callee.terminal)
    return [caller.terminal, callee.terminal];
  const all = [caller.terminal, callee.terminal, invited?.party.terminal, parkedBy, wokenAt];
  return [...new Set(all)].filter((terminal) => terminal !== null && terminal !== undefined);
}

/** The parties that are on the phone: the caller, and the callee once it has answered. */
export function busyIn(state: State): readonly Party[] {
  if (state.kind === 'over') return NOBODY;
  const { caller, callee } = state.parties;
  if (state.kind === 'ringing') return [state.parties.caller];
  if (isPerson(caller)) return isPerson(callee) ? [caller, callee] : [caller];
  return isPerson(callee) ? [callee] : NOBODY;
}
