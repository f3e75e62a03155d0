import type { Replaces } from '../../sip/message/replaces.ts';
import type { Call, ReferEvent } from './call.ts';
import type { Switchboard } from './calls.ts';
import type { LegId } from './machines/fork.ts';
import { isReplaceable, isSide, otherSide } from './machines/sides.ts';
import { refusalFor } from './outcome.ts';
import { route } from './routing.ts';
import type { Seat } from './seat.ts';
import { findSeat } from './seat-move.ts';

/** A REFER of one side (RFC 3515): the server looks up what it means, and the call's machine carries it out. */
export function refer(board: Switchboard, call: Call, by: LegId, { id, referTo }: ReferEvent): void {
  const { state } = call;
  const referrer = call.seats.get(by);
  if (referrer === undefined) return;
  if (state.kind !== 'talking' || !isSide(state, by) || !isReplaceable(state)) {
    referrer.leg.refuseRefer(id, 491);
    return;
  }
  const { replaces, uri } = referTo;
  const refused =
    replaces === undefined
      ? blind(board, call, referrer, id, board.userPartOf(uri))
      : attended(board, call, referrer, id, replaces);
  if (refused !== undefined) referrer.leg.refuseRefer(id, refused);
}

/** To a number, routed by the state at this moment. The target sees who it will talk to. Returns the status of a refusal. */
function blind(
  board: Switchboard,
  call: Call,
  { leg, party }: Seat,
  id: number,
  dialled: string,
): number | undefined {
  const by = party === call.caller ? 'caller' : 'callee';
  const transferee = by === 'caller' ? call.callee : call.caller;
  const { destination, emergency } = route(dialled, party.terminal, board.world);
  if (emergency || destination.kind === 'service') return 403;
  if (destination.kind === 'unavailable') return refusalFor(destination.failure).status;
  const { callee, phones } = destination;
  if (callee.terminal === transferee.terminal) return refusalFor('self').status;
  const isBusy = board.limits.isInsistent(party, callee) || board.limits.isBusy(callee.terminal);
  if (isBusy) return refusalFor('busy').status;
  call.invited = { party: callee, by };
  call.handle({ kind: 'refer', by: leg.id, id, branches: board.ring(call, callee, phones) });
  return undefined;
}

/** To the other side of another call of the referrer (RFC 3891). Returns the status of a refusal. */
function attended(
  board: Switchboard,
  call: Call,
  { leg, party }: Seat,
  id: number,
  replaces: Replaces,
): number | undefined {
  const found = findSeat(board.placements.at(party.terminal), party.terminal, replaces);
  if (found === undefined || found[1].party.extension !== party.extension) return 481;
  const [lender, consulted] = found;
  const { state } = lender;
  if (lender === call || state.kind !== 'talking' || !isReplaceable(state)) return 491;
  const target = lender.seats.get(otherSide(state, consulted.leg.id));
  if (target === undefined) return 481;
  call.borrow(lender, target);
  call.handle({ kind: 'refer-replaces', by: leg.id, id, leg: target.leg.id });
  return undefined;
}
