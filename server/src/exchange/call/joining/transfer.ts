import type { CallId, TerminalId } from '@perch/shared';
import type { Replaces } from '../../../sip/message/fields/replaces.ts';
import type { Leg } from '../../../sip/user-agent/leg.ts';
import type { TakenBack } from '../../contract/commands.ts';
import type { Call, ReferEvent } from '../call.ts';
import type { CallLimits } from '../admission/call-limits.ts';
import type { LegId } from '../machines/fork.ts';
import { isReplaceable, isSide, otherSide, sideOf } from '../machines/sides.ts';
import { refusalFor } from '../outcome.ts';
import type { Parking } from './parking.ts';
import type { Placements } from '../placements.ts';
import { isPerson, type Party } from '../ports.ts';
import type { Ringer } from '../ringing/ringer.ts';
import { route, userPartOf, type World } from '../ringing/routing.ts';
import { findSeat } from '../seats/seat-move.ts';

interface TransferPorts {
  readonly world: World;
  readonly placements: Placements;
  readonly limits: CallLimits;
  readonly ringer: Ringer;
  readonly parking: Parking;
}

/** REFER of a side of a call (RFC 3515): looks up what it means; the call's machine carries it out. */
export class Transfers {
  readonly #ports: TransferPorts;

  constructor(ports: TransferPorts) {
    this.#ports = ports;
  }

  refer(call: Call, by: LegId, { id, referTo }: ReferEvent): void {
    const { state } = call;
    const referrer = call.seats.get(by);
    if (referrer === undefined || !isPerson(referrer.party)) return;
    if (state.kind !== 'talking' || !isSide(state, by) || !isReplaceable(state)) {
      referrer.leg.refuseRefer(id, 491);
      return;
    }
    const { replaces, uri } = referTo;
    const refused =
      replaces === undefined
        ? this.#blind(call, referrer.leg, referrer.party, id, userPartOf(uri, this.#ports.world))
        : this.#attended(call, referrer.leg, referrer.party, id, replaces);
    if (refused !== undefined) referrer.leg.refuseRefer(id, refused);
  }

  /** The one who sends a call on wants it back, while it rings there. */
  takeBack(terminal: TerminalId, id: CallId): TakenBack {
    const call = this.#ports.placements.betweenPhonesAt(terminal).find((each) => each.id === id);
    if (call?.caller.terminal !== terminal && call?.callee.terminal !== terminal) return 'no-such-call';
    const { state } = call;
    const sent = state.kind === 'talking' && state.left === null ? state.transfer : null;
    if (sent?.target.kind !== 'ringing' || call[sent.invited.by].terminal !== terminal) return 'too-late';
    call.handle({ kind: 'take-back' });
    return 'done';
  }

  /** To a number, routed by the state at this moment. The target sees who it will talk to. Returns the status of a refusal. */
  #blind(call: Call, leg: Leg, party: Party, id: number, dialled: string): number | undefined {
    const { world, limits, ringer } = this.#ports;
    const isCaller = call.state.kind === 'talking' && sideOf(call.state, leg.id) === 'caller';
    const transferee = isCaller ? call.callee : call.caller;
    const { destination, emergency } = route(dialled, party.terminal, world);
    if (destination.kind === 'parking' && destination.service.name === 'park')
      return this.#ports.parking.park(call, leg.id, party, id, this.#isReseatable(call, leg.id));
    if (emergency || destination.kind === 'service' || destination.kind === 'parking') return 403;
    if (destination.kind === 'unavailable') return refusalFor(destination.failure).status;
    const { callee, phones } = destination;
    if (callee.terminal === transferee.terminal) return refusalFor('self').status;
    if (limits.isInsistent(party, callee) || limits.isBusy(callee.terminal)) return refusalFor('busy').status;
    const branches = ringer.ring(call, phones, { party: callee, from: transferee, by: party });
    const reseats = this.#isReseatable(call, leg.id);
    call.handle({ kind: 'refer', by: leg.id, id, party: callee, branches, reseats });
    return undefined;
  }

  /** To the other side of another call of the referrer (RFC 3891). Returns the status of a refusal. */
  #attended(call: Call, leg: Leg, party: Party, id: number, replaces: Replaces): number | undefined {
    const found = findSeat(this.#ports.placements.betweenPhonesAt(party.terminal), party.terminal, replaces);
    if (found?.[2].extension !== party.extension) return 481;
    const [lender, consulted] = found;
    const { state } = lender;
    if (lender === call || state.kind !== 'talking' || !isReplaceable(state)) return 491;
    const target = lender.seats.get(otherSide(state, consulted.leg.id));
    if (target === undefined) return 481;
    // Two services have nothing to say to each other.
    if (target.service !== null && call.hasService) return 403;
    call.borrow(lender, target);
    call.handle({
      kind: 'join',
      by: leg.id,
      id,
      party: target.party,
      leg: target.leg.id,
      lender: lender.id,
      reseats: this.#isReseatable(call, leg.id),
    });
    return undefined;
  }

  /** Does the phone at the other side from `by` take a new session in place of the one that it has? */
  #isReseatable({ state, seats }: Call, by: LegId): boolean {
    const rest = state.kind === 'talking' ? seats.get(otherSide(state, by)) : undefined;
    return rest !== undefined && this.#ports.ringer.reseatable(rest) !== undefined;
  }
}
