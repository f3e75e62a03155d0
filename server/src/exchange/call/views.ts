import type { CallView, TerminalId } from '@perch/shared';
import { type Party, shownToOthers } from './ports.ts';

/** What a page may know of a call. */
export interface Viewed {
  readonly id: string;
  readonly phase: 'ringing' | 'talking';
  readonly caller: Party;
  readonly callee: Party;
  /** The party that is being rung to take over one side of it. */
  readonly invited: { readonly party: Party; readonly by: 'caller' | 'callee' } | null;
  readonly isHeld: boolean;
  /** The side whose phone is disconnected and expected back. */
  readonly away: 'caller' | 'callee' | 'both' | null;
  readonly startedAt: number;
  readonly answeredAt: number | null;
}

/** A call as a terminal sees it; `undefined` where the terminal takes no part in it. */
export function viewFrom(terminal: TerminalId, call: Viewed): CallView | undefined {
  const { caller, callee, invited } = call;
  if (terminal === caller.terminal) return view(call, 'outgoing', caller, callee);
  if (terminal === callee.terminal) return view(call, 'incoming', callee, caller);
  if (terminal !== invited?.party.terminal) return undefined;
  const transferee = invited.by === 'caller' ? callee : caller;
  const ringing = view(call, 'incoming', invited.party, transferee);
  return { ...ringing, state: 'ringing', since: call.startedAt, otherSide: 'connected' };
}

function view(call: Viewed, direction: CallView['direction'], as: Party, other: Party): CallView {
  const { id, phase, isHeld, away, startedAt, answeredAt } = call;
  const talking = isHeld ? 'held' : 'talking';
  const ringing = direction === 'incoming' ? 'ringing' : 'calling';
  return {
    id,
    state: phase === 'talking' ? talking : ringing,
    direction,
    with: shownToOthers(other),
    as: { number: as.number, name: as.name },
    since: answeredAt ?? startedAt,
    otherSide:
      away === 'both' || away === (direction === 'outgoing' ? 'callee' : 'caller')
        ? 'reconnecting'
        : 'connected',
  };
}
