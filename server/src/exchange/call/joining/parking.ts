import { type ExtensionId, FEATURE_CODES, type ParkedCall } from '@perch/shared';
import type { MediaEngine } from '../../../media/endpoint.ts';
import { HOLD_MUSIC } from '../../../media/playback/prompts.ts';
import type { InboundLeg } from '../../../sip/user-agent/leg.ts';
import type { Happened } from '../../happenings.ts';
import type { Clock } from '../../ports.ts';
import type { Call } from '../call.ts';
import type { CallLimits } from '../admission/call-limits.ts';
import type { Talking } from '../machines/call-state.ts';
import type { LegId } from '../machines/fork.ts';
import { isReplaceable, isSide, otherSide } from '../machines/sides.ts';
import { type Failure, refusalFor } from '../outcome.ts';
import type { Placements } from '../placements.ts';
import { type End, isPerson, type Party, type ServiceParty, shownToOthers } from '../ports.ts';
import type { Ringer } from '../ringing/ringer.ts';
import { ringExtension, type World } from '../ringing/destination.ts';
import type { RevivedEnd } from '../seats/recovery.ts';
import { serviceSeat } from '../seats/seat.ts';
import type { ServiceCalls } from '../services/service-calls.ts';
import { ServiceEnd } from '../services/service-end.ts';

/** How long a call is parked before the one who parked it is rung, and then rung again (milliseconds). */
const RING_BACK_MS = 180_000;
/** Slots are told by voice, so their numbers are short. */
const MOST_PARKED = 99;

interface ParkingPorts {
  readonly placements: Placements;
  readonly services: Pick<ServiceCalls, 'refuse' | 'tellSlot'>;
  readonly world: World;
  readonly clock: Clock;
  readonly limits: CallLimits;
  readonly ringer: Ringer;
  readonly engine: Pick<MediaEngine, 'endpoint'>;
  readonly happened: Happened;
}

/** A call that waits in a slot, which is one of its ends. */
interface Parked {
  /** Another one, once somebody else waits in the place of its party. */
  call: Call;
  readonly end: ServiceEnd;
  readonly party: ServiceParty;
  readonly by: Party;
  /** When its party began to wait, by the server's clock; `null` while it is still being joined with the slot. */
  since: number | null;
  /** Told once, whether it waits here or could not be parked. */
  readonly settled: (isParked: boolean) => void;
  stopTimer: () => void;
}

/** Calls that wait to be picked up at any phone of the organization; the side that waits hears music. */
export class Parking {
  readonly #ports: ParkingPorts;
  readonly #slots = new Map<string, Parked>();
  #made = 0;

  constructor(ports: ParkingPorts) {
    this.#ports = ports;
  }

  /** A party transfers its call here. Returns the status of a refusal. */
  park(call: Call, by: LegId, party: Party, refer: number): number | undefined {
    if (call.hasService || call.isEmergency) return 403;
    const slot = this.#freeSlot();
    if (slot === undefined) return refusalFor('busy').status;
    this.#park(slot, call, by, party, refer, () => undefined);
    return undefined;
  }

  /** A phone calls to park the call that it has on hold, and hears where that waits. */
  parkHeld(leg: InboundLeg, party: Party): void {
    const { services, placements } = this.#ports;
    const held = placements.betweenPhonesAt(party.terminal).flatMap((call) => heldBy(call, leg));
    const slot = this.#freeSlot();
    const [one, ...others] = held;
    if (one === undefined) services.refuse(leg, 'no-such-number'); // without a call there is nothing to park
    else if (slot === undefined || others.length > 0) services.refuse(leg, 'busy');
    else {
      const { promise, resolve } = Promise.withResolvers<boolean>();
      services.tellSlot(leg, party, slot, promise);
      this.#park(slot, one.call, one.by, one.party, null, resolve);
    }
  }

  #park(
    slot: string,
    call: Call,
    by: LegId,
    party: Party,
    refer: number | null,
    settled: (isParked: boolean) => void,
  ): void {
    const at = slotParty(slot, party);
    const end = this.#end(slot);
    const stopTimer = this.#timer(slot);
    this.#slots.set(slot, { call, end, party: at, by: party, since: null, settled, stopTimer });
    const waits = call.state.kind === 'talking' ? call.seats.get(otherSide(call.state, by)) : undefined;
    const reseats = waits !== undefined && this.#ports.ringer.takesOffer(waits);
    call.seat(serviceSeat(end, at));
    call.handle({ kind: 'join', by, id: refer, party: at, leg: end.id, lender: null, reseats });
  }

  /** The end of a call that waited in that slot before a restart. */
  revive(slot: string, by: Party, since: number): RevivedEnd {
    const end = this.#end(slot);
    const party = slotParty(slot, by);
    return {
      leg: end.id,
      party,
      enter: (call) => {
        const stopTimer = this.#timer(slot);
        this.#slots.set(slot, { call, end, party, by, since, settled: () => undefined, stopTimer });
        call.seat(serviceSeat(end, party));
      },
    };
  }

  get isEmpty(): boolean {
    return this.#slots.size === 0;
  }

  /** The calls that wait, for all who may pick them up. */
  *all(): Iterable<ParkedCall> {
    for (const slot of this.#slots.keys()) {
      const shown = this.at(slot);
      if (shown !== undefined) yield shown;
    }
  }

  /** `undefined` where nobody waits in that slot. */
  at(slot: string): ParkedCall | undefined {
    const parked = this.#slots.get(slot);
    if (parked === undefined || parked.since === null) return undefined;
    return {
      number: slot,
      with: shownToOthers(waitingIn(parked)),
      by: shownToOthers(parked.by),
      since: parked.since,
    };
  }

  /** The calls that this extension has parked, wherever it did so. */
  by(extension: ExtensionId): readonly Call[] {
    return [...this.#slots.values()].flatMap(({ by, call }) => (by.extension === extension ? [call] : []));
  }

  /** To be called when a call has changed: its party may have been joined with a slot, or have taken the place of the one who waited there. */
  changed(call: Call): void {
    const slot = (call.caller.parked ?? call.callee.parked)?.slot;
    const parked = slot === undefined ? undefined : this.#slots.get(slot);
    if (slot === undefined || parked === undefined) return;
    const isTaken = parked.call !== call && call.seats.has(parked.end.id);
    if (isTaken) parked.call = call;
    if (parked.since === null) {
      parked.since = this.#ports.clock.now();
      parked.settled(true);
    } else if (!isTaken) return;
    this.#ports.happened({ kind: 'slot-changed', slot });
  }

  /** A phone calls for what is in that slot. */
  pickUp(leg: InboundLeg, party: Party, slot: string): void {
    const parked = this.#slots.get(slot);
    const refusal = this.#refuses(parked, party);
    if (parked === undefined || refusal !== undefined) {
      const { status, reason } = refusalFor(refusal ?? 'no-such-number');
      leg.reject(status, { reason });
      return;
    }
    const { call, end } = parked;
    leg.label(call.label);
    const newcomer = call.seat(this.#ports.ringer.callerSeat(leg, party));
    call.handle({ kind: 'pick-up', newcomer, replaced: end.id, party, sdp: leg.sdp });
  }

  /** Why that party cannot pick up what is in a slot; `undefined` where it can. */
  #refuses(parked: Parked | undefined, party: Party): Failure | undefined {
    const { world, limits } = this.#ports;
    const isPersonal = world.directory.byId(party.extension)?.kind === 'person';
    if (!isPersonal && parked?.by.extension !== party.extension) return 'locked';
    if (limits.isBusy(party.terminal)) return 'too-many-calls';
    if (parked === undefined) return 'no-such-number';
    const { call, end } = parked;
    const { state, caller, callee } = call;
    if (caller.terminal === party.terminal || callee.terminal === party.terminal) return 'self';
    return state.kind === 'talking' && isTakeable(state, end.id) ? undefined : 'busy';
  }

  #end(slot: string): ServiceEnd {
    return new ServiceEnd(`park-${String(++this.#made)}`, {
      endpoint: () => this.#ports.engine.endpoint(),
      attach: (endpoint) => {
        void endpoint.play([HOLD_MUSIC], { times: 'forever' });
        return () => {
          endpoint.interrupt();
        };
      },
      left: () => {
        const parked = this.#slots.get(slot);
        if (parked === undefined) return;
        parked.stopTimer();
        parked.settled(false);
        this.#slots.delete(slot);
        if (parked.since !== null) this.#ports.happened({ kind: 'slot-changed', slot });
      },
    });
  }

  #timer(slot: string): () => void {
    return this.#ports.clock.after(RING_BACK_MS, () => {
      this.#ringBack(slot);
    });
  }

  /** Nobody has picked it up: it rings where the one who parked it is now. */
  #ringBack(slot: string): void {
    const parked = this.#slots.get(slot);
    if (parked === undefined) return;
    parked.stopTimer = this.#timer(slot);
    const { world, limits, ringer } = this.#ports;
    const { call, end, party, by } = parked;
    const { state, caller } = call;
    const waits = waitingIn(parked);
    const waiting = call.seatOf(waits === caller ? 'caller' : 'callee');
    if (state.kind !== 'talking' || !isReplaceable(state) || waiting === undefined) return;
    const back = ringExtension(world.directory.byId(by.extension), waits.terminal ?? undefined, world);
    if (back.kind !== 'ring' || limits.isBusy(back.callee.terminal)) return;
    call.unanswered.sentOn();
    const branches = ringer.ring(call, back.phones, { party: back.callee, from: waits, by: party });
    const reseats = ringer.takesOffer(waiting);
    call.handle({ kind: 'refer', by: end.id, id: null, party: back.callee, branches, reseats });
  }

  #freeSlot(): string | undefined {
    for (let slot = 1; slot <= MOST_PARKED; slot++) if (!this.#slots.has(String(slot))) return String(slot);
    return undefined;
  }
}

const waitingIn = ({ call: { caller, callee } }: Parked): End => (isPerson(caller) ? caller : callee);

const slotParty = (slot: string, by: Party): ServiceParty => ({
  ...{ extension: null, terminal: null, number: FEATURE_CODES.park, name: '' },
  parked: { slot, by },
});

/** The call, if the phone that calls on that leg has put its other side on hold. */
function heldBy(call: Call, { target: { flow } }: InboundLeg): { call: Call; by: LegId; party: Party }[] {
  const { state, seats } = call;
  if (state.kind !== 'talking' || !isReplaceable(state) || call.hasService || call.isEmergency) return [];
  return state.held.flatMap((by) => {
    const seat = seats.get(by);
    if (seat?.leg.target.flow !== flow || !isPerson(seat.party)) return [];
    return [{ call, by, party: seat.party }];
  });
}

/** Does the call wait there, with nobody being joined? The one who parked it may be rung just then. */
function isTakeable(state: Talking, end: LegId): boolean {
  const { exchange, transfer, left } = state;
  const isRung = transfer?.by === end && transfer.target.kind === 'ringing';
  return isSide(state, end) && left === null && exchange.kind === 'idle' && (transfer === null || isRung);
}
