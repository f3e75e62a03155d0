import type { Flow } from '../../../sip/transport/flow.ts';
import type { UserAgent } from '../../../sip/user-agent/user-agent.ts';
import type { CallParty, CallService, Clock, StoredCall } from '../../ports.ts';
import type { Binding } from '../../registrar/bindings.ts';
import { Call, type CallOwner } from '../call.ts';
import { talking } from '../machines/call-state.ts';
import type { LegId } from '../machines/fork.ts';
import type { PlacedCall } from '../placements.ts';
import { type End, isPerson } from '../ports.ts';
import { begun, resumed } from '../records/accounting.ts';
import { IcePath } from './ice-path.ts';
import type { OwedByes } from './owed-byes.ts';
import type { Seat } from './seat.ts';

/** How long a call waits for a phone that lost its flow (milliseconds). */
const RETURN_MS = 30_000;

/** The call waits for the phone of that seat. The one that has the seat by then ends if it does not come back. */
function awaitReturn(call: Call, seat: Seat, clock: Clock): void {
  seat.stopWaiting ??= clock.after(RETURN_MS, () => {
    seat.stopWaiting = null;
    seat.call?.handle({ kind: 'peer-gone', leg: seat.leg.id, why: 'lost' });
  });
  call.handle({ kind: 'line-lost', leg: seat.leg.id });
  call.lineChanged();
}

/** A flow died: every confirmed leg on it stays, for a while. Unconfirmed ones fail by themselves. */
export function flowClosed(calls: Iterable<Call>, flow: Flow, clock: Clock): void {
  for (const call of calls) {
    for (const seat of call.seats.values()) {
      if (seat.leg.state === 'confirmed' && seat.leg.target.flow === flow) awaitReturn(call, seat, clock);
    }
  }
}

/** The account of that flow may no longer be used. An emergency call is never refused, not even from a barred phone. */
export function flowBarred(calls: Iterable<PlacedCall>, flow: Flow): void {
  for (const call of calls) {
    if (call.farEnd === 'service') call.flowBarred(flow);
    else if (!call.isEmergency) {
      for (const { leg } of [...call.seats.values()])
        if (leg.state === 'early' && leg.target.flow === flow) leg.end();
    }
  }
}

/**
 * A phone registered on a new flow or with a new Contact. With its old Contact it resumes its legs
 * (RFC 5626 §5.3); with another one its page was reloaded, and has lost its old dialogs: one that takes new sessions can take the call
 * up again, and the call waits for that.
 */
export function phoneReturned(call: Call, binding: Binding, clock: Clock): void {
  const { flow, contact, key, terminal } = binding;
  for (const seat of call.seats.values()) {
    const { leg, party } = seat;
    if (seat.binding !== key || party.terminal !== terminal || leg.state === 'over') continue;
    if (seat.contact === contact && leg.state === 'confirmed') {
      // A request of the phone may have come earlier, and has shown which flow it is on.
      const wasAwaited = seat.stopWaiting !== null;
      seat.stopWaiting?.();
      seat.stopWaiting = null;
      call.lineChanged();
      if (wasAwaited || leg.target.flow !== flow) leg.rebind({ flow, contact });
      call.handle({ kind: 'line-back', leg: leg.id });
    } else if (leg.state === 'confirmed') {
      if (binding.reseats) {
        awaitReturn(call, seat, clock);
        call.handle({ kind: 'reloaded', leg: leg.id });
      } else call.handle({ kind: 'peer-gone', leg: leg.id, why: 'reloaded' });
    } else if (seat.inbound !== null && leg.target.flow !== flow) {
      // Its INVITE went with its flow (RFC 3261 §8.1.3.1): the phone has given this call up.
      call.handle({ kind: 'peer-gone', leg: leg.id, why: 'lost' });
    }
  }
}

/** An end of a call, as it is again after a restart. */
export interface RevivedEnd {
  readonly leg: LegId;
  readonly party: End;
  /** To be called once with the call that has this end. */
  enter(call: Call): void;
}

interface Restoring {
  readonly userAgent: Pick<UserAgent, 'restore'>;
  readonly absent: Pick<OwedByes, 'absentFlow'>;
  /** The server's own end, once more; `answeredAt`: since when it has been one (milliseconds since 1970). */
  readonly revive: (service: CallService, answeredAt: number) => RevivedEnd;
}

/**
 * Restores a call that was under way before the restart: its phones have yet to come back. Their sound went from one to the other; that of
 * a conference, or of a slot, went with the server, and comes again with each phone, as does that of two who were being joined; that of
 * phones which keep their path as they call once more.
 */
export function restoreCall(
  owner: CallOwner,
  { userAgent, absent, revive }: Restoring,
  { id, account, startedAt, answeredAt, caller, callee, held, unsettled, emergencyOn, callsBack }: StoredCall,
): Call {
  const ends = [caller, callee].map((end) => {
    if ('service' in end) return revive(end, answeredAt);
    const seat = restoredSeat({ userAgent, absent }, end);
    return { leg: seat.leg.id, party: seat.party, enter: (call: Call) => takeSeat(call, seat, owner.clock) };
  });
  const [callerEnd, calleeEnd] = ends as [RevivedEnd, RevivedEnd];
  const hold = emergencyOn === undefined ? null : owner.holdOn(emergencyOn);
  const parties = { caller: callerEnd.party, callee: calleeEnd.party };
  const apart = unsettled === true || 'service' in caller || 'service' in callee;
  const holders = [
    held === 'callee' || held === undefined ? [] : [callerEnd.leg],
    held === 'caller' || held === undefined ? [] : [calleeEnd.leg],
  ];
  const state = { ...talking(parties, callerEnd.leg, calleeEnd.leg), held: holders.flat(), apart };
  const dialled = parties.callee.number;
  const call = new Call(
    owner,
    {
      ...{ id, answeredAt, hold, callsBack: callsBack ?? null },
      account:
        account === undefined
          ? // Stored by an earlier version: what led to the answer is not known.
            begun(state, { dialled, startedAt, answeredAt }, owner.describe)
          : resumed(account, state, owner.describe),
    },
    state,
  );
  // First what others have to find there when the phones' lines are lost.
  for (const isPhone of [false, true])
    for (const end of ends) if (isPerson(end.party) === isPhone) end.enter(call);
  return call;
}

function takeSeat(call: Call, seat: Seat, clock: Clock): void {
  seat.leg.label(call.label);
  call.seat(seat);
  awaitReturn(call, seat, clock);
}

function restoredSeat(
  { userAgent, absent }: Pick<Restoring, 'userAgent' | 'absent'>,
  { binding, contact, dialog, recalled, ...party }: CallParty,
): Seat {
  const flow = absent.absentFlow(party.terminal, binding);
  const leg = userAgent.restore(dialog, { flow, contact });
  return {
    leg,
    party,
    binding,
    contact,
    inbound: null,
    service: null,
    path: new IcePath(recalled),
    call: null,
    stopWaiting: null,
  };
}
