import { CALL_ID_HEADER, callId, type CallId, type TerminalId } from '@perch/shared';
import { withholdsIdentity } from '../../../sip/message/fields/privacy.ts';
import type { InboundLeg } from '../../../sip/user-agent/leg.ts';
import { evenTime } from '../../../world/even-time.ts';
import type { Extension } from '../../ports.ts';
import { Call, type CallOwner } from '../call.ts';
import type { CallLimits } from './call-limits.ts';
import { labelOf } from '../call-start.ts';
import type { HelpCalls } from './help-calls.ts';
import { begun, refused } from '../records/accounting.ts';
import type { TurnedAway } from '../records/call-records.ts';
import { attemptsOfHops, attemptThatFailed } from '../records/descriptions.ts';
import type { Onward } from '../machines/call-state.ts';
import { start } from '../machines/ringing.ts';
import { digitsIn } from '../../numbering/numbering.ts';
import type { Failure } from '../outcome.ts';
import type { Parking } from '../joining/parking.ts';
import type { Placements } from '../placements.ts';
import type { Party } from '../ports.ts';
import type { Ringer } from '../ringing/ringer.ts';
import type { Hop, RingingDestination, World } from '../ringing/destination.ts';
import { diversionFields } from '../forwarding/diversion-fields.ts';
import { AFTER_ANY_FAILURE, onwardOf } from '../forwarding/forwarding.ts';
import { callerAt, emergencyCallerAt, type Route, route, userPartOf } from '../ringing/routing.ts';
import { moveSeat, takeUp } from '../seats/seat-move.ts';
import type { ServiceCalls } from '../services/service-calls.ts';

/** Names a live call that is to be taken up; names of header fields are looked up in lower case. */
const TAKEN_UP = CALL_ID_HEADER.toLowerCase();
/** Dialled digits as a record keeps them. */
const MAX_DIALLED = 64;

interface AdmissionPorts {
  readonly owner: CallOwner;
  readonly world: World;
  readonly placements: Placements;
  readonly limits: CallLimits;
  readonly services: ServiceCalls;
  readonly ringer: Ringer;
  readonly helpCalls: HelpCalls;
  readonly parking: Parking;
  newId(): CallId;
}

/** Why no phone rings, and whether a mailbox may answer instead. */
interface NotRung {
  readonly callee: Extension | undefined;
  readonly failure: Failure;
  readonly hops: readonly Hop[] | undefined;
  readonly hasMailbox: boolean;
}

/** What becomes of an INVITE: a call that rings, a service, a mailbox, or a refusal. */
export class Admission {
  readonly #ports: AdmissionPorts;

  constructor(ports: AdmissionPorts) {
    this.#ports = ports;
  }

  invited(leg: InboundLeg, terminal: TerminalId): void {
    const replaces = leg.request.headers.get('replaces');
    const { world, placements, ringer, limits, services, owner } = this.#ports;
    const seats = { placements, ringer, engine: owner.engine };
    if (replaces !== undefined) {
      moveSeat(seats, leg, terminal, replaces);
      return;
    }
    const dialled = userPartOf(leg.request.uri, world);
    // A phone that has been asked to call for it (`Ringer.recall`) has only the address to say so.
    const id = leg.request.headers.get(TAKEN_UP) ?? placements.find(callId(dialled))?.id;
    if (id !== undefined) {
      takeUp(seats, leg, { terminal, speaker: world.whereabouts.speaksFor(terminal), id });
      return;
    }
    const way = route(dialled, terminal, world);
    const caller = way.emergency ? emergencyCallerAt(terminal, world) : this.#callerOf(leg, terminal);
    const refusal = caller === undefined ? 'locked' : limits.refuses(terminal, way);
    if (caller === undefined || refusal !== undefined) services.refuse(leg, refusal ?? 'locked');
    else this.#connect(leg, caller, (digitsIn(dialled) || dialled).slice(0, MAX_DIALLED), way);
  }

  /** Who calls, and whether the other side may know. */
  #callerOf({ request }: InboundLeg, terminal: TerminalId): Party | undefined {
    const caller = callerAt(terminal, this.#ports.world);
    return caller && withholdsIdentity(request) ? { ...caller, withheld: true } : caller;
  }

  #connect(leg: InboundLeg, caller: Party, dialled: string, route: Route): void {
    const { limits, services, owner } = this.#ports;
    const { destination, emergency, callsBack } = route;
    /** Nothing that holds others back may hold back help. */
    const isForHelp = emergency || callsBack !== null;
    switch (destination.kind) {
      case 'service':
        services.serve(leg, caller, destination.service);
        return;
      case 'parking':
        if (destination.service.name === 'pick-up')
          this.#ports.parking.pickUp(leg, caller, destination.service.slot);
        else this.#ports.parking.parkHeld(leg, caller);
        return;
      case 'unavailable': {
        const { callee, failure, hops } = destination;
        const isInsistent =
          !isForHelp && callee && limits.isInsistent(caller, { extension: callee.id, terminal: null });
        if (isInsistent) this.#refuseBusy(leg, caller, dialled, callee);
        else this.#fail(leg, caller, dialled, { callee, failure, hops, hasMailbox: !isForHelp });
        return;
      }
      case 'ring': {
        const { hops } = destination;
        const callee = hops?.[0]?.extension ?? owner.extension(destination.callee.extension);
        if (isForHelp) this.#ring(leg, caller, dialled, destination, route);
        else if (limits.isInsistent(caller, destination.callee))
          this.#refuseBusy(leg, caller, dialled, callee);
        else if (limits.isBusy(destination.callee.terminal))
          this.#fail(leg, caller, dialled, { callee, failure: 'busy', hops, hasMailbox: true });
        else this.#ring(leg, caller, dialled, destination, route);
      }
    }
  }

  #ring(
    leg: InboundLeg,
    caller: Party,
    dialled: string,
    { callee, phones, wokenAt, hops = [] }: RingingDestination,
    route: Route,
  ): void {
    const { owner, ringer, helpCalls, world } = this.#ports;
    const { emergency, callsBack } = route;
    const home = emergency ? world.directory.byTerminal(caller.terminal) : undefined;
    if (home !== undefined) helpCalls.note(caller, home.number);
    const id = this.#ports.newId();
    const label = labelOf(id);
    leg.label(label);
    const fields = diversionFields(hops, world.directory.organization.domain);
    const seats = phones.map((phone) =>
      ringer.call(phone, { from: caller, to: callee, sdp: leg.sdp, label, fields }),
    );
    const [state, effects] = start(
      { caller, callee },
      leg.id,
      seats.map((seat) => seat.leg.id),
      this.#onwardOf(callee, route),
      wokenAt,
    );
    const startedAt = owner.clock.now();
    const come = { dialled, startedAt, hops: attemptsOfHops(hops, startedAt, world) };
    const account = begun(state, come, owner.describe);
    const call = new Call(
      owner,
      {
        ...{ id, account, answeredAt: null },
        hold: emergency ? owner.holdOn(caller.terminal) : null,
        callsBack,
      },
      state,
    );
    call.unanswered.divertedBy(hops);
    call.seat(ringer.callerSeat(leg, caller));
    for (const seat of seats) call.seat(seat);
    call.begin(effects);
  }

  /** When the call goes on from there: help that calls back after any failure, unless it rings already where it was called. */
  #onwardOf({ extension, terminal }: Party, { emergency, callsBack }: Route): Onward | undefined {
    if (emergency || callsBack === terminal) return undefined;
    if (callsBack !== null) return AFTER_ANY_FAILURE;
    const callee = this.#ports.owner.extension(extension);
    return callee && onwardOf(callee);
  }

  /** No phone rings for that call. */
  #fail(
    leg: InboundLeg,
    caller: Party,
    dialled: string,
    { callee, failure, hops, hasMailbox }: NotRung,
  ): void {
    const id = this.#ports.newId();
    leg.label(labelOf(id));
    const over = this.#record(id, caller, dialled, callee, failure, hops);
    const number = callee?.number ?? dialled;
    this.#ports.services.turnAway(leg, caller, failure, {
      ...{ call: id, number, over },
      mailbox: hasMailbox ? callee : undefined,
    });
  }

  /** The caller has enough calls to that callee already: busy, and no third message. */
  #refuseBusy(leg: InboundLeg, caller: Party, dialled: string, callee: Extension | undefined): void {
    const id = this.#ports.newId();
    leg.label(labelOf(id));
    this.#ports.services.refuse(leg, 'busy');
    this.#record(id, caller, dialled, callee, 'busy')(null);
  }

  #record(
    id: CallId,
    caller: Party,
    dialled: string,
    callee: Extension | undefined,
    failure: Failure,
    hops: readonly Hop[] = [],
  ): TurnedAway {
    const { owner, world } = this.#ports;
    const now = evenTime(owner.clock);
    const startedAt = now();
    const alone = callee === undefined ? [] : [attemptThatFailed(callee, failure, startedAt, world)];
    const attempts = hops.length === 0 ? alone : attemptsOfHops(hops, startedAt, world);
    const account = refused({ dialled, startedAt }, owner.describe(caller), attempts);
    return owner.records.turnedAway({ id, account, isEmergency: false, now }, failure);
  }
}
