import {
  CALL_ID_HEADER,
  type CallId,
  type CallView,
  digitsFor,
  type MailboxVisit,
  type ParkingService,
  type Service,
} from '@perch/shared';
import type { MediaEngine } from '../../../media/endpoint.ts';
import type { InboundLeg } from '../../../sip/user-agent/leg.ts';
import { evenTime } from '../../../world/even-time.ts';
import type { CallService, Clock, Extension } from '../../ports.ts';
import type { ServiceRequest, Services } from '../../services/registry.ts';
import type { Visit } from '../../services/service.ts';
import { partyOf } from '../../pages/terminal-view.ts';
import { depositReasonOf, type Failure, REASONS, refusalFor, utteranceFor } from '../outcome.ts';
import type { Party, Phones, ServiceParty } from '../ports.ts';
import type { CallRecords, TurnedAway } from '../records/call-records.ts';
import { describeEnd } from '../records/descriptions.ts';
import type { World } from '../ringing/destination.ts';
import type { OwedByes } from '../seats/owed-byes.ts';
import { type Seat, serviceSeat } from '../seats/seat.ts';
import { ServiceCall } from './service-call.ts';
import { ServiceEnd } from './service-end.ts';

/** The callee that a caller did not reach, and the call. */
export interface TurnedAwayFrom {
  readonly call: CallId;
  readonly number: string;
  /** The extension whose mailbox takes a message; `undefined` for an emergency call. */
  readonly mailbox: Extension | undefined;
  /** To be called once it is known what becomes of the caller. */
  readonly over: TurnedAway;
}

/** A mailbox as an end of its call after a restart; `enter` is to be called once with that call. */
interface RevivedMailbox {
  readonly leg: string;
  readonly party: ServiceParty;
  enter(call: { seat(seat: Seat): unknown }): void;
}

interface ServiceCallsPorts {
  readonly services: Services;
  readonly clock: Clock;
  readonly newId: () => CallId;
  readonly engine: Pick<MediaEngine, 'endpoint'>;
  readonly phones: Pick<Phones, 'bindings'>;
  readonly owedByes: Pick<OwedByes, 'insure'>;
  readonly world: World;
  /** To be told when a call is new, was answered, or is over. */
  readonly placements: { place(call: ServiceCall): void };
  readonly records: Pick<CallRecords, 'visited'>;
}

/** Keeps no record. */
const NOBODY = { answered: () => undefined, ended: () => undefined };

/** Makes calls of which a service of the server is the far end. */
export class ServiceCalls {
  readonly #ports: ServiceCallsPorts;
  #made = 0;

  constructor(ports: ServiceCallsPorts) {
    this.#ports = ports;
  }

  /** Hands the call to the service that was dialled. */
  serve(leg: InboundLeg, caller: Party, service: Exclude<Service, ParkingService>): void {
    const { newId, clock, world, records } = this.#ports;
    const now = evenTime(clock);
    const called = { number: digitsFor(service), name: '' };
    const id = newId();
    const begun = { caller: describeEnd(caller, world), dialled: called.number, startedAt: now() };
    let answeredAt: number | null = null;
    const answered = (): void => {
      answeredAt = now();
    };
    const ended = (): void => records.visited(id, { ...begun, answeredAt, endedAt: now() });
    this.#take({ id, leg, caller }, service, called, { answered, ended });
  }

  /** Tells the caller in which slot the call is, once that is `parked` or has failed. */
  tellSlot(leg: InboundLeg, caller: Party, slot: string, parked: Promise<boolean>): void {
    const called = { number: digitsFor({ name: 'park' }), name: '' };
    this.#take({ id: this.#ports.newId(), leg, caller }, { name: 'slot', slot, parked }, called);
  }

  /** Lets a caller who was not answered leave a message; else says why there will be no call, and refuses it. */
  turnAway(
    leg: InboundLeg,
    caller: Party,
    failure: Failure,
    { call: id, number, mailbox, over }: TurnedAwayFrom,
  ): void {
    const reason = depositReasonOf(failure);
    const utterance = utteranceFor(failure, number);
    const from = { id, leg, caller };
    const called = mailbox === undefined ? { number, name: '' } : partyOf(mailbox);
    if (mailbox !== undefined && reason !== undefined) {
      const isTaken = this.#take(from, { name: 'deposit', callee: mailbox, reason, over }, called);
      if (isTaken) return;
    } else if (utterance !== undefined)
      this.#take(from, { name: 'announcement', utterance, refusal: refusalFor(failure) }, called);
    else this.refuse(leg, failure);
    over(null);
  }

  /**
   * The mailbox of an extension to which a call could not be sent on, as an end of that call; `undefined` where that is not what becomes
   * of it.
   */
  mailboxEnd(
    visit: Visit,
    { callee, failure, over }: { callee: Extension; failure: Failure; over: (visit: MailboxVisit) => void },
  ): Seat<ServiceParty> | undefined {
    const reason = depositReasonOf(failure);
    if (reason === undefined) return undefined;
    const id = `mailbox-${String(++this.#made)}`;
    const end = this.#ports.services.join(visit, id, { name: 'deposit', callee, reason, over });
    const mailbox = { extension: callee.id, reason };
    return end && serviceSeat(end, { extension: null, terminal: null, ...partyOf(callee), mailbox });
  }

  /**
   * A mailbox to which a call had been sent on when the server was started anew: it hangs up. What had been said until then is a message all
   * the same.
   */
  revive({ number, name, extension, reason }: Extract<CallService, { service: 'mailbox' }>): RevivedMailbox {
    const { engine } = this.#ports;
    const end = new ServiceEnd(`mailbox-${String(++this.#made)}`, {
      endpoint: () => engine.endpoint(),
      attach: () => () => undefined,
      left: () => undefined,
    });
    const party = { extension: null, terminal: null, number, name, mailbox: { extension, reason } };
    return {
      leg: end.id,
      party,
      enter: (call) => {
        call.seat(serviceSeat(end, party));
        end.leave(REASONS.restarted);
      },
    };
  }

  /** Without an announcement: the phone plays its own tone. */
  refuse(leg: InboundLeg, failure: Failure): void {
    const { status, reason } = refusalFor(failure);
    leg.reject(status, { reason });
  }

  #take(
    from: { readonly id: CallId; readonly leg: InboundLeg; readonly caller: Party },
    request: ServiceRequest,
    called: CallView['with'],
    told: { answered(): void; ended(): void } = NOBODY,
  ): boolean {
    const { services, clock, phones, placements, owedByes } = this.#ports;
    const { leg, caller } = from;
    const phone = phones.bindings(caller.terminal).find(({ flow }) => flow === leg.target.flow);
    leg.label([CALL_ID_HEADER, from.id]);
    const call = new ServiceCall(from, phone, request, called, clock.now());
    let over: (() => void) | undefined;
    let noted: 'nothing' | 'answered' | 'ended' = 'nothing';
    const note = (): void => {
      if (call.isOver && noted !== 'ended') {
        noted = 'ended';
        told.ended();
      } else if (call.phase === 'talking' && noted === 'nothing') {
        noted = 'answered';
        told.answered();
      }
    };
    const tell = (): void => {
      if (call.isOver) over?.();
      else if (call.phase === 'talking') over ??= owedByes.insure(leg, caller.terminal);
      note();
      placements.place(call);
    };
    call.taken = services.take({ ...from, changed: tell }, request);
    note();
    placements.place(call);
    return call.taken !== undefined;
  }
}
