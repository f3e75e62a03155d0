import type { CallId, CallView, TerminalId } from '@perch/shared';
import { type MediaEngine, MOST_IN_BRIDGE } from '../../../media/endpoint.ts';
import type { Conferred } from '../../contract/commands.ts';
import type { Happened } from '../../happenings.ts';
import { Call, type CallOwner } from '../call.ts';
import { Conference } from './conference.ts';
import { talking, type Talking } from '../machines/call-state.ts';
import type { LegId } from '../machines/fork.ts';
import { meet } from '../machines/joining.ts';
import { isReplaceable, otherSide } from '../machines/sides.ts';
import type { Placements } from '../placements.ts';
import { isPerson } from '../ports.ts';
import type { Ringer } from '../ringing/ringer.ts';
import { begun as begunAccount } from '../records/accounting.ts';
import type { RevivedEnd } from '../seats/recovery.ts';
import { type Seat, serviceSeat } from '../seats/seat.ts';

interface ConferencePorts {
  readonly owner: CallOwner;
  readonly placements: Placements;
  readonly ringer: Ringer;
  readonly engine: Pick<MediaEngine, 'endpoint' | 'bridge'>;
  readonly happened: Happened;
  newId(): CallId;
}

/** A call of the terminal that confers, and its leg. */
interface Own {
  readonly call: Call;
  readonly state: Talking;
  readonly leg: LegId;
  readonly rest: Seat;
}

/**
 * Makes conferences of calls. In a conference everyone has a call of their own, whose other end is the server; so each of them can
 * leave, be transferred, be re-seated and come back as in any call.
 */
export class Conferences {
  readonly #ports: ConferencePorts;
  readonly #byCall = new Map<CallId, Conference>();
  #made = 0;

  constructor(ports: ConferencePorts) {
    this.#ports = ports;
  }

  /** Joins two calls of a terminal, or the party of one with the conference that the other one is in. */
  confer(terminal: TerminalId, [first, second]: readonly [CallId, CallId]): Conferred {
    const one = this.#find(terminal, first);
    const two = this.#find(terminal, second);
    if (one === 'no-such-call' || two === 'no-such-call') return 'no-such-call';
    if (one === 'not-now' || two === 'not-now' || one.call === two.call) return 'not-now';
    const conferences = [one, two].map(({ call }) => this.#byCall.get(call.id));
    const [of, other] = conferences;
    if (of !== undefined && other !== undefined) return 'not-now';
    const present = of ?? other;
    if (present !== undefined) {
      if (present.size >= MOST_IN_BRIDGE) return 'full';
      this.#admit(present, of === undefined ? one : two);
      return 'done';
    }
    const conference = this.#open(one.call.id, false);
    this.#divide(conference, one);
    this.#admit(conference, two);
    return 'done';
  }

  /** The conference's end of a call that was in that room before a restart. */
  revive(room: string): RevivedEnd {
    const present = [...this.#byCall.values()].find(({ party }) => party.room === room);
    const conference = present ?? this.#open(room, true);
    const leg = this.#endId();
    return {
      leg,
      party: conference.party,
      enter: (call) => {
        this.#enter(conference, call, leg);
      },
    };
  }

  /** A call looks different from outside. */
  changed(call: Call): void {
    this.#byCall.get(call.id)?.update();
  }

  /** The others in its conference; `null` where it is in none. */
  seenFrom(call: CallId): CallView['conference'] {
    return this.#byCall.get(call)?.seenFrom(call) ?? null;
  }

  #find(terminal: TerminalId, id: CallId): Own | 'no-such-call' | 'not-now' {
    const { placements } = this.#ports;
    const call = placements.betweenPhonesAt(terminal).find((each) => each.id === id);
    if (call === undefined) return 'no-such-call';
    const { state } = call;
    if (state.kind !== 'talking' || !isReplaceable(state) || call.isEmergency) return 'not-now';
    const { caller, callee } = state.parties;
    if (caller.terminal !== terminal && callee.terminal !== terminal) return 'no-such-call';
    if (caller.terminal === callee.terminal) return 'not-now';
    const leg = caller.terminal === terminal ? state.caller : state.callee;
    const rest = call.seats.get(otherSide(state, leg));
    // Who waits in a slot, or speaks to a mailbox, is not joined with others from there.
    const isAlone = rest !== undefined && !isPerson(rest.party) && !this.#byCall.has(id);
    return rest === undefined || isAlone ? 'not-now' : { call, state, leg, rest };
  }

  #open(room: string, isRestored: boolean): Conference {
    const { engine, happened } = this.#ports;
    return new Conference(
      engine,
      { room, isRestored },
      (terminal) => {
        happened({ kind: 'calls-changed', terminal });
      },
      (call) => {
        this.#byCall.delete(call);
      },
    );
  }

  /** Both sides of that call join: the terminal that confers keeps the call, and the other party gets one of its own. */
  #divide(conference: Conference, { call, state, leg, rest }: Own): void {
    const { owner, ringer } = this.#ports;
    const now = owner.clock.now();
    call.release(rest.leg.id);
    const isCaller = state.caller === rest.leg.id;
    const id = this.#ports.newId();
    const far = this.#endId();
    const sides = isCaller ? [rest.leg.id, far] : [far, rest.leg.id];
    const parties = isCaller
      ? { caller: rest.party, callee: conference.party }
      : { caller: conference.party, callee: rest.party };
    const [begun, effects] = meet(
      talking(parties, ...(sides as [LegId, LegId])),
      far,
      rest.leg.id,
      ringer.takesOffer(rest),
    );
    const account = begunAccount(
      begun,
      { dialled: conference.party.number, startedAt: now, transferredFrom: call.id },
      owner.describe,
    );
    const own = new Call(owner, { id, account, answeredAt: now, hold: null }, begun);
    rest.leg.label(own.label);
    own.seat(rest);
    this.#enter(conference, own, far);
    const near = this.#endId();
    this.#enter(conference, call, near);
    const seat = call.seats.get(leg);
    call.handle({
      kind: 'divide',
      stays: leg,
      to: id,
      leg: near,
      party: conference.party,
      takesOffer: seat !== undefined && ringer.takesOffer(seat),
    });
    own.begin(effects);
  }

  /** The other party of that call joins; the terminal that confers is in the conference by another call already. */
  #admit(conference: Conference, { call, leg, rest }: Own): void {
    const end = this.#endId();
    this.#enter(conference, call, end);
    call.handle({
      kind: 'join',
      by: leg,
      id: null,
      party: conference.party,
      leg: end,
      lender: null,
      reseats: this.#ports.ringer.takesOffer(rest),
    });
  }

  #enter(conference: Conference, call: Call, leg: LegId): void {
    this.#byCall.set(call.id, conference);
    call.seat(serviceSeat(conference.join(call, leg), conference.party));
  }

  #endId(): LegId {
    return `conference-${String(++this.#made)}`;
  }
}
