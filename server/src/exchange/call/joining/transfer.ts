import type { CallId, TerminalId } from '@perch/shared';
import type { Replaces } from '../../../sip/message/fields/replaces.ts';
import type { Leg } from '../../../sip/user-agent/leg.ts';
import type { TakenBack } from '../../contract/commands.ts';
import type { Extension } from '../../ports.ts';
import type { Call, ReferEvent } from '../call.ts';
import type { CallLimits } from '../admission/call-limits.ts';
import type { LegId } from '../machines/fork.ts';
import { isReplaceable, isSide, otherSide, sideOf } from '../machines/sides.ts';
import { type Failure, refusalFor } from '../outcome.ts';
import type { Parking } from './parking.ts';
import type { Placements } from '../placements.ts';
import { type End, isPerson, type Party } from '../ports.ts';
import { attemptsOfHops } from '../records/descriptions.ts';
import type { Ringer } from '../ringing/ringer.ts';
import type { World } from '../ringing/destination.ts';
import { onwardOf } from '../forwarding/forwarding.ts';
import { route, userPartOf } from '../ringing/routing.ts';
import { findSeat } from '../seats/seat-move.ts';

interface TransferPorts {
  readonly world: World;
  readonly placements: Placements;
  readonly limits: CallLimits;
  readonly ringer: Ringer;
  readonly parking: Parking;
}

/** A REFER: in which call, and of whom. */
interface Referral {
  readonly call: Call;
  readonly leg: Leg;
  readonly party: Party;
  readonly id: number;
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
    if (call.caller.mailbox ?? call.callee.mailbox) {
      referrer.leg.refuseRefer(id, 403); // a caller cannot hand a mailbox on to somebody else
      return;
    }
    if (state.kind !== 'talking' || !isSide(state, by) || !isReplaceable(state)) {
      referrer.leg.refuseRefer(id, 491);
      return;
    }
    const { replaces, uri } = referTo;
    const referral = { call, leg: referrer.leg, party: referrer.party, id };
    const refused =
      replaces === undefined
        ? this.#blind(referral, userPartOf(uri, this.#ports.world))
        : this.#attended(referral, replaces);
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
  #blind(referral: Referral, dialled: string): number | undefined {
    const { world, limits, ringer, parking } = this.#ports;
    const { call, leg, party, id } = referral;
    const { destination, emergency } = route(dialled, party.terminal, world, call.isEmergency);
    const reseats = this.#takesOffer(call, leg.id);
    if (destination.kind === 'parking' && destination.service.name === 'park')
      return parking.park(call, leg.id, party, id);
    if (emergency || destination.kind === 'service' || destination.kind === 'parking') return 403;
    if (destination.kind === 'unavailable')
      return this.#divert(referral, destination.callee, destination.failure);
    const { callee, phones, hops = [] } = destination;
    const transferee = transfereeOf(referral);
    if (callee.terminal === transferee.terminal) return refusalFor('self').status;
    const isLimited = !call.isEmergency;
    if (isLimited && limits.isInsistent(party, callee)) return refusalFor('busy').status;
    if (isLimited && limits.isBusy(callee.terminal))
      return this.#divert(referral, hops[0]?.extension ?? world.directory.byId(callee.extension), 'busy');
    call.unanswered.sentOn();
    call.unanswered.divertedBy(hops);
    const branches = ringer.ring(call, phones, { party: callee, from: transferee, by: party });
    const extension = world.directory.byId(callee.extension);
    // A call for help rings where it was sent, and nowhere else.
    const onward = extension && isLimited ? onwardOf(extension) : undefined;
    const come = attemptsOfHops(hops, call.now(), world);
    call.handle({ kind: 'refer', by: leg.id, id, party: callee, branches, onward, hops: come, reseats });
    return undefined;
  }

  /** To somebody who cannot be rung: what any caller gets, the mailbox, if there is one. Returns the status of a refusal. */
  #divert(referral: Referral, callee: Extension | undefined, failure: Failure): number | undefined {
    const { call, leg, id } = referral;
    const transferee = transfereeOf(referral);
    const mailbox =
      callee && isPerson(transferee) ? call.unanswered.mailboxFor(transferee, callee, failure) : undefined;
    if (mailbox === undefined) return refusalFor(failure).status;
    const joined = { by: leg.id, id, party: mailbox.party, leg: mailbox.leg.id, lender: null };
    call.handle({ kind: 'join', ...joined, reseats: this.#takesOffer(call, leg.id) });
    return undefined;
  }

  /** To the other side of another call of the referrer (RFC 3891). Returns the status of a refusal. */
  #attended(referral: Referral, replaces: Replaces): number | undefined {
    const { call, leg, party, id } = referral;
    const found = findSeat(this.#ports.placements.betweenPhonesAt(party.terminal), party.terminal, replaces);
    if (found?.[2].extension !== party.extension) return this.#beforeAnswer(referral, replaces);
    const [lender, consulted] = found;
    const { state } = lender;
    if (lender === call || state.kind !== 'talking' || !isReplaceable(state)) return 491;
    const target = lender.seats.get(otherSide(state, consulted.leg.id));
    if (target === undefined) return 481;
    // Two services have nothing to say to each other, and a mailbox listens to one caller.
    if (target.service !== null && (call.hasService || target.party.mailbox !== undefined)) return 403;
    call.borrow(lender, target);
    call.handle({
      kind: 'join',
      by: leg.id,
      id,
      party: target.party,
      leg: target.leg.id,
      lender: lender.id,
      reseats: this.#takesOffer(call, leg.id),
    });
    return undefined;
  }

  /** To somebody whom the referrer has called, and who has not answered, or whose mailbox has. Returns the status of a refusal. */
  #beforeAnswer(referral: Referral, { callId, toTag, fromTag }: Replaces): number | undefined {
    const { terminal, extension } = referral.party;
    for (const consulted of this.#ports.placements.at(terminal)) {
      if (consulted.farEnd === 'service') {
        const { caller, request } = consulted;
        const isTheirs = caller.extension === extension && consulted.isDialog(callId, toTag, fromTag);
        if (!isTheirs || request.name !== 'deposit') continue;
        const refused = this.#divert(referral, request.callee, request.reason);
        if (refused === undefined) consulted.hangUp();
        return refused;
      }
      const { state, caller, callee } = consulted;
      if (state.kind !== 'ringing' || caller.extension !== extension || caller.terminal !== terminal)
        continue;
      if (consulted.seats.get(state.caller)?.leg.isDialog(callId, toTag, fromTag) !== true) continue;
      const refused = this.#blind(referral, callee.number);
      if (refused === undefined)
        consulted.handle({ kind: 'peer-gone', leg: state.caller, why: 'transferred' });
      return refused;
    }
    return 481;
  }

  /** Does the phone at the other side from `by` take a new session in place of the one that it has? */
  #takesOffer({ state, seats }: Call, by: LegId): boolean {
    const rest = state.kind === 'talking' ? seats.get(otherSide(state, by)) : undefined;
    return rest !== undefined && this.#ports.ringer.takesOffer(rest);
  }
}

/** The other side from the referrer. */
const transfereeOf = ({ call, leg }: Referral): End =>
  call.state.kind === 'talking' && sideOf(call.state, leg.id) === 'caller' ? call.callee : call.caller;
