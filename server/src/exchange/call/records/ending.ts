import type { AttemptResult, CallLeg, NamedThen } from '@perch/shared';
import type { Reason } from '../../../sip/user-agent/leg.ts';
import type { Event, State } from '../machines/call-state.ts';
import type { CallAccount, Happening, Side } from './account.ts';

/** The call is over: who has ended it, and what the phones said. The times have been counted. */
export function ended(account: CallAccount, { before, event, now }: Happening): CallAccount {
  const side = sideOf(before, event);
  const taken = event.kind === 'taken' && before.kind === 'talking' && before.exchange.kind === 'lent';
  const { caller, callee } = account.talking;
  const legs = account.legs.map((leg, index) => {
    const at = index === caller ? 'caller' : index === callee ? 'callee' : undefined;
    return at === undefined ? leg : { ...leg, left: leftOf(at, side, before, event) };
  });
  return {
    ...account,
    legs,
    talking: { caller: null, callee: null },
    countedAt: Math.max(now, account.countedAt),
    endedBy: enderOf(account, side, before, event),
    reason: reasonOf(event),
    transferredTo: taken ? before.exchange.to : account.transferredTo,
  };
}

/** The side whose leg has ended the call; `null` where none has. */
function sideOf(before: State, event: Event): Side | null {
  if ((event.kind !== 'said' && event.kind !== 'peer-gone') || before.kind === 'over') return null;
  if (event.leg === before.caller) return 'caller';
  return before.kind !== 'ringing' && event.leg === before.callee ? 'callee' : null;
}

function leftOf(at: Side, ender: Side | null, before: State, event: Event): CallLeg['left'] {
  if (event.kind === 'taken' && before.kind === 'talking' && before.exchange.kind === 'lent')
    return before.exchange.leg === before[at] ? 'joined' : 'transferred';
  if (at !== ender) return 'ended';
  return event.kind === 'peer-gone' ? 'lost' : 'hung-up';
}

const REFUSALS: ReadonlySet<AttemptResult> = new Set(['declined', 'refused', 'busy']);

/** By name, as they were when they joined; a phone that refuses a call ends it for the one who was called. */
function enderOf(account: CallAccount, side: Side | null, before: State, event: Event): NamedThen | null {
  if (before.kind === 'ringing') {
    if (side === 'caller') return named(account.caller);
    const result = account.attempts.at(-1)?.result;
    return account.callee !== null && event.kind === 'said' && result !== undefined && REFUSALS.has(result)
      ? named(account.attempts.at(-1) ?? account.callee)
      : null;
  }
  const leg = side === null ? undefined : account.legs[account.talking[side] ?? -1];
  if (leg !== undefined) return named(leg);
  const party = side === null || before.kind === 'over' ? undefined : before.parties[side];
  return party === undefined ? null : named(party);
}

const named = ({ number, name }: NamedThen): NamedThen => ({ number, name });

function reasonOf(event: Event): Reason | null {
  if (event.kind !== 'said') return null;
  const said = event.event;
  if (said.kind === 'failed') return said.reason ?? { protocol: 'SIP', cause: said.status };
  return said.kind === 'ended' || said.kind === 'cancelled' ? (said.reason ?? null) : null;
}
