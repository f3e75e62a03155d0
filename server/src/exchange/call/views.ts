import type { CallView, ExtensionId, TerminalId } from '@perch/shared';
import type { Invited, Parties } from './machines/call-state.ts';
import { type End, shownToOthers } from './ports.ts';

/** Some sides of a call: none, one or both. Such a value is the same one whenever it is asked for. */
export type Sides = keyof Parties | 'both' | null;

export function sidesWhere(caller: boolean, callee: boolean): Sides {
  if (caller && callee) return 'both';
  if (caller) return 'caller';
  return callee ? 'callee' : null;
}

const includes = (sides: Sides, side: keyof Parties): boolean => sides === 'both' || sides === side;

/** What a page may know of a call. */
export interface Viewed {
  readonly id: string;
  readonly phase: 'ringing' | 'talking';
  readonly caller: End;
  readonly callee: End;
  /** The party that is being rung to take over one side of it. */
  readonly invited: Invited | null;
  /** Who has put the other side on hold. */
  readonly holding: Sides;
  /** Whose phone is disconnected and expected back. */
  readonly away: Sides;
  readonly startedAt: number;
  readonly answeredAt: number | null;
}

const SIDES = ['caller', 'callee'] as const;
const SIDES_OF_CALLEE = ['callee', 'caller'] as const;

/** A call that no one holds, and whose phones are there. */
export const UNDISTURBED = {
  hold: { here: false, there: false },
  otherSide: 'connected',
  here: 'here',
  conference: null,
  parked: null,
} as const satisfies Partial<CallView>;

/**
 * A call as a terminal sees it, through which `speaker` speaks; `undefined` where neither the terminal takes part in it, nor that extension
 * has parked it.
 */
export function viewFrom(
  terminal: TerminalId,
  call: Viewed,
  conference: CallView['conference'] = null,
  speaker?: ExtensionId,
): CallView | undefined {
  const { caller, callee, invited } = call;
  if (terminal === caller.terminal) return view(call, 'outgoing', caller, callee, conference);
  if (terminal === callee.terminal) return view(call, 'incoming', callee, caller, conference);
  if (terminal === invited?.party.terminal) {
    const transferee = invited.by === 'caller' ? callee : caller;
    const ringing = view(call, 'incoming', invited.party, transferee, null);
    const { parked } = ringing;
    return { ...ringing, ...UNDISTURBED, parked, state: 'ringing', since: call.startedAt };
  }
  const parked = caller.parked ?? callee.parked;
  if (parked === undefined || parked.by.extension !== speaker) return undefined;
  const left =
    caller.parked === undefined
      ? view(call, 'incoming', parked.by, caller, null)
      : view(call, 'outgoing', parked.by, callee, null);
  return { ...left, here: 'left' };
}

function view(
  call: Viewed,
  direction: CallView['direction'],
  as: End,
  other: End,
  conference: CallView['conference'],
): CallView {
  const { id, phase, holding, away, startedAt, answeredAt } = call;
  const [self, rest] = direction === 'outgoing' ? SIDES : SIDES_OF_CALLEE;
  const ringing = direction === 'incoming' ? 'ringing' : 'calling';
  return {
    id,
    state: phase === 'talking' ? 'talking' : ringing,
    direction,
    // Who waits in a slot is told who has parked the call.
    with: shownToOthers(other.parked?.by ?? other),
    as: { number: as.number, name: as.name },
    since: answeredAt ?? startedAt,
    hold: { here: includes(holding, self), there: includes(holding, rest) },
    otherSide: includes(away, rest) ? 'reconnecting' : 'connected',
    here: includes(away, self) ? 'away' : 'here',
    conference,
    parked: (call.caller.parked ?? call.callee.parked)?.slot ?? null,
  };
}
