import {
  type CallId,
  type CallView,
  type ExtensionId,
  type NoticeAnswer,
  type TerminalId,
} from '@perch/shared';
import type { MediaEngine } from '../../media/endpoint.ts';
import type { Chance } from '../../world/chance.ts';
import type { Flow } from '../../sip/transport/flow.ts';
import type { InboundLeg } from '../../sip/user-agent/leg.ts';
import type { UserAgent } from '../../sip/user-agent/user-agent.ts';
import type { Conferred, TakenBack } from '../contract/commands.ts';
import type { Happened } from '../happenings.ts';
import type { CallService, CallStore, Clock, Extension, OwedBye, StoredCall } from '../ports.ts';
import type { Binding } from '../registrar/bindings.ts';
import type { Services } from '../services/registry.ts';
import { Admission } from './admission/admission.ts';
import type { Call, CallOwner, ReferEvent } from './call.ts';
import { CallLimits } from './admission/call-limits.ts';
import { Conferences } from './joining/conferences.ts';
import { Followers } from './ringing/followers.ts';
import { Forwarder } from './forwarding/forwarder.ts';
import type { Sought } from './forwarding/unanswered.ts';
import type { HelpCalls } from './admission/help-calls.ts';
import type { Forwarded } from './machines/call-state.ts';
import type { LegId } from './machines/fork.ts';
import { Parking } from './joining/parking.ts';
import { Placements } from './placements.ts';
import { OwedByes } from './seats/owed-byes.ts';
import { flowBarred, flowClosed, restoreCall } from './seats/recovery.ts';
import { Ringer } from './ringing/ringer.ts';
import type { PushMessages } from './pushed/ports.ts';
import { PushedPhones, type PushedPhonesPorts } from './pushed/pushed-phones.ts';
import type { EmergencyHold, End } from './ports.ts';
import type { Describe } from './records/account.ts';
import { CallRecords } from './records/call-records.ts';
import { describeEnd } from './records/descriptions.ts';
import type { World } from './ringing/destination.ts';
import type { Seat } from './seats/seat.ts';
import { revive } from './services/revival.ts';
import { ServiceCalls } from './services/service-calls.ts';
import { Transfers } from './joining/transfer.ts';
import { TerminalCalls } from './terminal-calls.ts';

/** How long phones ring before the call counts as not answered (milliseconds). */
const NO_ANSWER_MS = 25_000;

interface CallsOptions extends Omit<World, 'pushable' | 'helpCalledFrom'> {
  readonly clock: Clock;
  readonly chance: Pick<Chance, 'bytes' | 'token'>;
  readonly pushMessages: PushMessages;
  readonly languages: PushedPhonesPorts['languages'];
  readonly newId: () => CallId;
  readonly userAgent: Pick<UserAgent, 'invite' | 'restore' | 'leave' | 'flowReplaced'>;
  readonly store: CallStore;
  readonly helpCalls: HelpCalls;
  readonly services: Services;
  readonly engine: MediaEngine;
  readonly happened: Happened;
  /** How long phones ring before the call counts as not answered (milliseconds; 25,000). */
  readonly noAnswerMs?: number;
}

/** All calls of one organization: what its exchange needs of call control. */
export interface Calls {
  /** A call from a terminal; the virtualization state says who the caller is, not the phone. */
  invited(leg: InboundLeg, terminal: TerminalId): void;
  /** A phone has registered for the first time, on another flow, or with another Contact, or is awake again. */
  registered(binding: Binding): void;
  /** A phone is asleep: calls no longer ring there, and callers for whom nothing else rings go on at once. Answered calls stay. */
  asleep(binding: Binding): void;
  /** A flow of that terminal died. To be called before the user agent is told. */
  flowClosed(flow: Flow, terminal: TerminalId): void;
  /**
   * The account of that terminal's flow may no longer be used: unanswered calls on it end, answered ones go on, and those with
   * the server's services end where the service says so.
   */
  flowBarred(flow: Flow, terminal: TerminalId): void;
  /**
   * These extensions may now ring elsewhere, or nowhere: their ringing calls follow. Answered calls stay, and can be seen where one
   * of those terminals lets their person speak now.
   */
  moved(extensions: Iterable<ExtensionId>, terminals?: Iterable<TerminalId>): void;
  /** Resumes the calls that were under way before a restart, and tells the phones that had not heard of the end of theirs. */
  restore(calls: readonly StoredCall[], owed?: readonly OwedBye[]): void;
  /** The BYEs that phones have not answered. */
  readonly owedByes: Pick<OwedByes, 'owed' | 'paid'>;
  views(terminal: TerminalId): readonly CallView[];
  busy(extension: ExtensionId): boolean;
  /** Will the record of a call that is under way name the extension, by its id or by its number? */
  name(extension: ExtensionId, number: string, until: number): boolean;
  /** The calls that wait to be picked up, each in its slot. */
  readonly parked: Pick<Parking, 'all' | 'at'>;
  /** Joins two calls of a terminal in a conference, or the party of one with the conference that the other one is in. */
  confer(terminal: TerminalId, calls: readonly [CallId, CallId]): Conferred;
  /** Takes a call back that a terminal is sending on, while it rings there. */
  takeBack(terminal: TerminalId, call: CallId): TakenBack;
  /** What a phone answers to a push message. @returns whether the call still rings there. */
  pushAnswered(word: string, says: NoticeAnswer): boolean;
  readonly size: number;
  /** Writes the records that are still waiting. */
  close(): void;
}

export const createCalls = (options: CallsOptions): Calls => new Switchboard(options);

/** What joins the parts of call control. */
export class Switchboard implements Calls, CallOwner {
  readonly world: World;
  readonly clock: Clock;
  readonly store: CallStore;
  readonly engine: MediaEngine;
  readonly records: CallRecords;
  readonly describe: Describe;
  readonly services: ServiceCalls;
  readonly noAnswerMs: number;
  /** A write failed: the call goes on all the same, but would not survive a crash. */
  readonly storeFailed: (error: unknown) => void;
  readonly placements: Placements;
  readonly parked: Calls['parked'];
  readonly owedByes: OwedByes;
  readonly #pushed: PushedPhones;
  readonly #userAgent: CallsOptions['userAgent'];
  readonly #admission: Admission;
  readonly #transfers: Transfers;
  readonly #followers: Followers;
  readonly #forwarder: Forwarder;
  readonly #conferences: Conferences;
  readonly #parking: Parking;
  readonly #ringer: Ringer;
  readonly #views: TerminalCalls;

  constructor(options: CallsOptions) {
    const { directory, whereabouts, phones, happened, pushMessages: messages, clock, chance } = options;
    const { helpCalls, languages } = options;
    const helpCalledFrom = (number: string) => helpCalls.callersOf(number);
    const rings = (id: CallId) => (this.placements.find(id)?.ringing ?? null) !== null;
    this.noAnswerMs = options.noAnswerMs ?? NO_ANSWER_MS;
    const { noAnswerMs } = this;
    this.#pushed = new PushedPhones({ messages, directory, languages, clock, chance, rings, noAnswerMs });
    const pushable = (terminal: TerminalId) => this.#pushed.at(terminal);
    const busy = (extension: ExtensionId) => this.placements.isBusy(extension);
    this.world = { directory, whereabouts, phones, pushable, helpCalledFrom, busy };
    this.clock = clock;
    this.store = options.store;
    this.engine = options.engine;
    this.describe = (end) => describeEnd(end, this.world);
    this.storeFailed = (error) => {
      happened({ kind: 'failed', error });
    };
    this.records = new CallRecords(
      options.store,
      (record) => happened({ kind: 'call-recorded', record }),
      this.storeFailed,
    );
    this.placements = new Placements(happened);
    this.#userAgent = options.userAgent;
    this.owedByes = new OwedByes({ ...options, failed: this.storeFailed });
    const { world, placements, records, owedByes } = this;
    this.services = new ServiceCalls({ ...options, world, placements, records, owedByes });
    const { services } = this;
    const limits = new CallLimits(this.placements);
    const ringer = new Ringer(world, options.userAgent, this.#pushed);
    this.#ringer = ringer;
    const parking = new Parking({ ...options, world, placements, limits, services, ringer });
    this.parked = this.#parking = parking;
    this.#admission = new Admission({
      owner: this,
      world,
      placements,
      limits,
      services,
      ringer,
      helpCalls,
      parking,
      newId: options.newId,
    });
    this.#transfers = new Transfers({ world, placements, limits, ringer, parking });
    this.#forwarder = new Forwarder({ world, limits, ringer });
    this.#followers = new Followers(world, placements, ringer, options.clock);
    this.#conferences = new Conferences({ ...options, owner: this, placements, ringer });
    this.#views = new TerminalCalls({
      ...{ world, placements, parking, happened },
      conferences: this.#conferences,
    });
  }

  get size(): number {
    return this.placements.size;
  }

  close(): void {
    this.records.close();
    this.owedByes.close();
  }

  invited(leg: InboundLeg, terminal: TerminalId): void {
    this.#admission.invited(leg, terminal);
  }

  /** There is an emergency call on that terminal: until it is over, nothing changes there. */
  holdOn(terminal: TerminalId): EmergencyHold {
    return { terminal, release: this.world.whereabouts.emergencyCallOn(terminal) };
  }

  flowClosed(flow: Flow, terminal: TerminalId): void {
    flowClosed(this.placements.betweenPhonesAt(terminal), flow, this.clock);
  }

  flowBarred(flow: Flow, terminal: TerminalId): void {
    flowBarred([...this.placements.at(terminal)], flow);
  }

  registered(binding: Binding): void {
    this.owedByes.registered(binding);
    this.#followers.registered(binding);
  }

  asleep(binding: Binding): void {
    this.#followers.asleep(binding);
  }

  pushAnswered(word: string, says: NoticeAnswer): boolean {
    return this.#pushed.answered(word, says);
  }

  moved(extensions: Iterable<ExtensionId>, terminals: Iterable<TerminalId> = []): void {
    this.#followers.moved(extensions);
    this.#views.moved(extensions, terminals);
  }

  restore(calls: readonly StoredCall[], owed: readonly OwedBye[] = []): void {
    const revivers = { conferences: this.#conferences, parking: this.#parking, services: this.services };
    const restoring = {
      userAgent: this.#userAgent,
      absent: this.owedByes,
      revive: (end: CallService, answeredAt: number) => revive(end, answeredAt, revivers),
    };
    for (const stored of calls) this.changed(restoreCall(this, restoring, stored));
    this.owedByes.restore(owed, calls);
  }

  views(terminal: TerminalId): readonly CallView[] {
    return this.#views.at(terminal);
  }

  busy(extension: ExtensionId): boolean {
    return this.placements.isBusy(extension);
  }

  name(extension: ExtensionId, number: string, until: number): boolean {
    return this.placements.name(extension, number, until) || this.records.name(extension, number, until);
  }

  call(id: CallId): Call | undefined {
    return this.placements.find(id);
  }

  extension(id: ExtensionId): Extension | undefined {
    return this.world.directory.byId(id);
  }

  forward(call: Call, sought: Sought): Forwarded {
    return this.#forwarder.goOn(call, sought);
  }

  reseat(call: Call, seat: Seat, from: End, sdp: string): LegId | null {
    return this.#ringer.reseat(call, seat, from, sdp);
  }

  changed(call: Call): void {
    const looksDifferent = this.placements.place(call);
    this.#conferences.changed(call);
    this.#parking.changed(call);
    if (looksDifferent) this.#views.changed(call);
    this.#ringer.recallStranded(call);
  }

  confer(terminal: TerminalId, calls: readonly [CallId, CallId]): Conferred {
    return this.#conferences.confer(terminal, calls);
  }

  takeBack(terminal: TerminalId, id: CallId): TakenBack {
    return this.#transfers.takeBack(terminal, id);
  }

  referred(call: Call, leg: LegId, event: ReferEvent): void {
    this.#transfers.refer(call, leg, event);
  }
}
