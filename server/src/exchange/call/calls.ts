import {
  type CallId,
  type CallRecordId,
  type CallView,
  type ExtensionId,
  type TerminalId,
} from '@perch/shared';
import type { HeaderField } from '../../sip/message/message.ts';
import { ANONYMOUS_URI, withholdsIdentity } from '../../sip/message/privacy.ts';
import { parseUri } from '../../sip/message/uri.ts';
import type { Flow } from '../../sip/transport/flow.ts';
import type { Identity, InboundLeg } from '../../sip/user-agent/leg.ts';
import type { UserAgent } from '../../sip/user-agent/user-agent.ts';
import type { Happened } from '../happenings.ts';
import type { CallStore, Clock, Extension, StoredCall } from '../ports.ts';
import type { Binding } from '../registrar/bindings.ts';
import { Call, type CallOwner, type EmergencyHold, labelOf, type ReferEvent } from './call.ts';
import { CallLimits } from './call-limits.ts';
import { CallRecords } from './call-records.ts';
import { HelpCalls } from './help-calls.ts';
import type { LegId } from './machines/fork.ts';
import { start } from './machines/ringing.ts';
import type { Failure } from './outcome.ts';
import { Placements } from './placements.ts';
import { PLACEHOLDER_OFFER } from './placeholder-offer.ts';
import type { Party, Voice } from './ports.ts';
import { flowClosed, phoneReturned, restoreCall } from './recovery.ts';
import {
  callerAt,
  type Destination,
  emergencyCallerAt,
  ringExtension,
  type Route,
  route,
  type World,
} from './routing.ts';
import type { Seat } from './seat.ts';
import { moveSeat } from './seat-move.ts';
import { ServerCalls } from './server-calls.ts';
import { refer } from './transfer.ts';
import { viewFrom } from './views.ts';

/** How long phones ring before the call counts as not answered (milliseconds). */
const NO_ANSWER_MS = 25_000;
/** Goes with an anonymous From (RFC 3325 §9.3). */
const PRIVACY: HeaderField = ['Privacy', 'id'];
/** Dialled digits as a record keeps them. */
const MAX_DIALLED = 64;

interface CallsOptions extends World {
  readonly clock: Clock;
  readonly newId: () => CallId;
  readonly newRecordId: () => CallRecordId;
  readonly userAgent: Pick<UserAgent, 'invite' | 'restore'>;
  readonly store: CallStore;
  readonly voice: Voice;
  readonly happened: Happened;
  /** How long phones ring before the call counts as not answered (milliseconds; 25,000). */
  readonly noAnswerMs?: number;
}

/** All calls of one organization: what its exchange needs of call control. */
export interface Calls {
  /** A call from a terminal; the virtualization state says who the caller is, not the phone. */
  invited(leg: InboundLeg, terminal: TerminalId): void;
  /** A phone has registered for the first time, on another flow, or with another Contact. */
  registered(binding: Binding): void;
  /** A flow of that terminal died. To be called before the user agent is told. */
  flowClosed(flow: Flow, terminal: TerminalId): void;
  /** The account of that terminal's flow may no longer be used: unanswered calls on it end, answered ones go on. */
  flowBarred(flow: Flow, terminal: TerminalId): void;
  /** These extensions may now ring elsewhere, or nowhere: their ringing calls follow; answered calls stay. */
  moved(extensions: Iterable<ExtensionId>): void;
  /** Resumes the calls that were under way before a restart. */
  restore(calls: readonly StoredCall[]): void;
  views(terminal: TerminalId): readonly CallView[];
  busy(extension: ExtensionId): boolean;
  readonly size: number;
}

export const createCalls = (options: CallsOptions): Calls => new Switchboard(options);

/** What joins the parts of call control. */
export class Switchboard implements Calls, CallOwner {
  readonly world: World;
  readonly clock: Clock;
  readonly newId: () => CallId;
  readonly newRecordId: () => CallRecordId;
  readonly store: CallStore;
  readonly records: CallRecords;
  readonly server: ServerCalls;
  readonly noAnswerMs: number;
  readonly placements: Placements;
  readonly limits: CallLimits;
  readonly #userAgent: CallsOptions['userAgent'];
  readonly #happened: Happened;
  readonly #helpCalls = new HelpCalls();

  constructor(options: CallsOptions) {
    const { directory, whereabouts, phones, happened } = options;
    const helpCalledFrom = (number: string) => this.#helpCalls.terminalOf(number, this.clock.monotonic());
    this.world = { directory, whereabouts, phones, helpCalledFrom };
    this.clock = options.clock;
    this.newId = options.newId;
    this.newRecordId = options.newRecordId;
    this.store = options.store;
    this.records = new CallRecords(options.store, options.clock, (error) => {
      this.storeFailed(error);
    });
    this.noAnswerMs = options.noAnswerMs ?? NO_ANSWER_MS;
    this.placements = new Placements(happened);
    this.#userAgent = options.userAgent;
    this.server = new ServerCalls(options.voice, options.newId);
    this.limits = new CallLimits(this.placements, this.server);
    this.#happened = happened;
  }

  get size(): number {
    return this.placements.size;
  }

  invited(leg: InboundLeg, terminal: TerminalId): void {
    const replaces = leg.request.headers.get('replaces');
    if (replaces !== undefined) {
      moveSeat(this, leg, terminal, replaces);
      return;
    }
    const dialled = this.userPartOf(leg.request.uri);
    const way = route(dialled, terminal, this.world);
    const caller = way.emergency ? emergencyCallerAt(terminal, this.world) : this.#callerOf(leg, terminal);
    const refusal = caller === undefined ? 'locked' : this.limits.refuses(terminal, way);
    if (caller === undefined || refusal !== undefined) this.server.refuse(leg, refusal ?? 'locked');
    else this.#connect(leg, caller, dialled.slice(0, MAX_DIALLED), way);
  }

  /** Who calls, and whether the other side may know. */
  #callerOf({ request }: InboundLeg, terminal: TerminalId): Party | undefined {
    const caller = callerAt(terminal, this.world);
    return caller && withholdsIdentity(request) ? { ...caller, withheld: true } : caller;
  }

  #connect(leg: InboundLeg, caller: Party, dialled: string, { destination, emergency }: Route): void {
    const { terminal } = caller;
    switch (destination.kind) {
      case 'service':
        this.server.serve(leg, terminal, destination.service);
        return;
      case 'unavailable': {
        const { callee, failure } = destination;
        const isInsistent =
          callee && this.limits.isInsistent(caller, { extension: callee.id, terminal: null });
        if (isInsistent) this.#refuseBusy(leg, caller, dialled, callee);
        else this.#fail(leg, caller, dialled, callee, failure);
        return;
      }
      case 'ring': {
        const callee = this.extension(destination.callee.extension);
        if (emergency) this.#ring(leg, caller, dialled, destination, emergency);
        else if (this.limits.isInsistent(caller, destination.callee))
          this.#refuseBusy(leg, caller, dialled, callee);
        else if (this.limits.isBusy(destination.callee.terminal))
          this.#fail(leg, caller, dialled, callee, 'busy');
        else this.#ring(leg, caller, dialled, destination, emergency);
      }
    }
  }

  /** There is an emergency call on that terminal: until it is over, nothing changes there. */
  holdOn(terminal: TerminalId): EmergencyHold {
    return { terminal, release: this.world.whereabouts.emergencyCallOn(terminal) };
  }

  #ring(
    leg: InboundLeg,
    caller: Party,
    dialled: string,
    { callee, phones }: Extract<Destination, { readonly kind: 'ring' }>,
    emergency: boolean,
  ): void {
    if (emergency) this.#helpCalls.note(caller, this.clock.monotonic());
    const id = this.newId();
    const label = labelOf(id);
    leg.label(label);
    const seats = phones.map((phone) => this.#invite(phone, caller, callee, leg.sdp, label));
    const [state, effects] = start(
      leg.id,
      seats.map((seat) => seat.leg.id),
    );
    const call = new Call(
      this,
      {
        id,
        dialled,
        startedAt: this.clock.now(),
        answeredAt: null,
        caller,
        callee,
        inbound: leg,
        hold: emergency ? this.holdOn(caller.terminal) : null,
      },
      state,
    );
    call.seat(this.callerSeat(leg, caller));
    for (const seat of seats) call.seat(seat);
    call.begin(effects);
  }

  /** Calls the phones for a call under way: after a move, for a phone that appeared, for a transfer. */
  ring(call: Call, callee: Party, phones: readonly Binding[]): LegId[] {
    const { inbound, invited } = call;
    const from = invited?.by === 'caller' ? call.callee : call.caller;
    const referrer = invited?.by === 'caller' ? call.caller : call.callee;
    const isNamed = invited !== null && referrer.withheld !== true;
    const fields = isNamed ? [['Referred-By', `<${this.#addressOf(referrer)}>`] as const] : []; // RFC 3892
    const sdp = invited === null ? (inbound?.sdp ?? PLACEHOLDER_OFFER) : PLACEHOLDER_OFFER;
    return phones.map((phone) => call.seat(this.#invite(phone, from, callee, sdp, call.label, fields)));
  }

  #invite(
    phone: Binding,
    from: Party,
    to: Party,
    sdp: string,
    label: HeaderField,
    fields: readonly HeaderField[] = [],
  ): Seat {
    const { flow, contact, key } = phone;
    const isNamed = from.withheld !== true;
    const leg = this.#userAgent.invite({
      target: { flow, contact },
      from: isNamed ? this.#identityOf(from) : { displayName: 'Anonymous', uri: ANONYMOUS_URI },
      to: this.#identityOf(to),
      sdp,
      fields: isNamed ? fields : [...fields, PRIVACY],
      label,
    });
    return { leg, party: to, binding: key, contact, inbound: null, stopWaiting: null };
  }

  /** The seat of a phone that called: known by its binding, where it has one. */
  callerSeat(leg: InboundLeg, party: Party): Seat {
    const { flow, contact } = leg.target;
    const binding = this.world.phones.bindings(party.terminal).find((phone) => phone.flow === flow);
    return {
      leg,
      party,
      binding: binding?.key ?? '',
      contact: binding?.contact ?? contact,
      inbound: leg,
      stopWaiting: null,
    };
  }

  registered(binding: Binding): void {
    for (const call of [...this.placements.at(binding.terminal)]) {
      phoneReturned(call, binding);
      this.#ringToo(call, binding);
    }
  }

  /** Calls that ring at a terminal also ring at a phone that appears there later (a reloaded page, a reconnect). */
  #ringToo(call: Call, binding: Binding): void {
    const ringing = call.ringing;
    if (ringing === null || ringing.party.terminal !== binding.terminal) return;
    let instead: LegId | null = null;
    for (const branch of ringing.branches) {
      const seat = call.seats.get(branch);
      if (seat === undefined) continue;
      const isSamePhone = seat.binding === binding.key;
      // Already ringing on this connection, under an earlier Contact.
      if (seat.leg.target.flow === binding.flow && (!isSamePhone || seat.contact === binding.contact)) return;
      if (isSamePhone) instead = branch;
    }
    for (const branch of this.ring(call, ringing.party, [binding])) {
      call.handle({ kind: 'phone-appeared', branch, instead });
    }
  }

  flowClosed(flow: Flow, terminal: TerminalId): void {
    flowClosed(this.placements.at(terminal), flow, this.clock);
  }

  flowBarred(flow: Flow, terminal: TerminalId): void {
    for (const { isEmergency, seats } of [...this.placements.at(terminal)]) {
      // An emergency call is never refused, not even from a barred phone.
      if (isEmergency) continue;
      for (const { leg } of [...seats.values()])
        if (leg.state === 'early' && leg.target.flow === flow) leg.end();
    }
  }

  moved(extensions: Iterable<ExtensionId>): void {
    const those = new Set(extensions);
    for (const call of [...this.placements.all()]) {
      const ringing = call.ringing;
      if (ringing !== null && those.has(ringing.party.extension)) this.#follow(call, ringing.party);
    }
  }

  /** A call ringing while its extension moves rings at the new terminal, and the caller does not notice. */
  #follow(call: Call, { extension, terminal }: Party): void {
    const from = call.invited?.by === 'caller' ? call.callee : call.caller;
    const callee = this.world.directory.byId(extension);
    const isInService = callee !== undefined && !callee.suspended;
    if (isInService && this.world.whereabouts.terminalOf(extension) === terminal) return;
    const destination = ringExtension(callee, from.terminal, this.world);
    if (destination.kind === 'unavailable') {
      // It keeps ringing where it is: anyone there is better than no answer.
      if (call.isEmergency) return;
      call.handle({ kind: 'extension-gone', failure: destination.failure });
    } else if (destination.kind === 'ring') {
      call.follow(destination.callee);
      const branches = this.ring(call, destination.callee, destination.phones);
      call.handle({ kind: 'extension-moved', branches });
    }
  }

  restore(calls: readonly StoredCall[]): void {
    for (const stored of calls) this.changed(restoreCall(this, this.#userAgent, stored));
  }

  views(terminal: TerminalId): readonly CallView[] {
    return [...this.placements.at(terminal)].flatMap((call) => viewFrom(terminal, call) ?? []);
  }

  busy(extension: ExtensionId): boolean {
    return this.placements.isBusy(extension);
  }

  extension(id: ExtensionId): Extension | undefined {
    return this.world.directory.byId(id);
  }

  changed(call: Call): void {
    this.placements.place(call);
  }

  referred(call: Call, leg: LegId, event: ReferEvent): void {
    refer(this, call, leg, event);
  }

  /** A write failed: the call goes on all the same, but would not survive a crash. */
  storeFailed(error: unknown): void {
    this.#happened({ kind: 'failed', error });
  }

  /** No phone rings for that call. */
  #fail(
    leg: InboundLeg,
    caller: Party,
    dialled: string,
    callee: Extension | undefined,
    failure: Failure,
  ): void {
    this.server.turnAway(leg, caller, failure, {
      call: this.newId(),
      number: callee?.number ?? dialled,
      mailbox: callee,
    });
    this.#record(caller, dialled, callee, failure);
  }

  /** The caller has enough calls to that callee already: busy, and no third message. */
  #refuseBusy(leg: InboundLeg, caller: Party, dialled: string, callee: Extension | undefined): void {
    this.server.refuse(leg, 'busy');
    this.#record(caller, dialled, callee, 'busy');
  }

  #record(caller: Party, dialled: string, callee: Extension | undefined, failure: Failure): void {
    const startedAt = this.clock.now();
    const record = { record: this.newRecordId(), startedAt, answeredAt: null, caller, dialled };
    this.records.finish(
      { ...record, callee: callee ? { extension: callee.id, terminal: null } : null },
      failure,
    );
  }

  /** What was dialled: the user of a SIP URI in our own domain, else a text that no extension has. */
  userPartOf(uri: string): string {
    const parsed = parseUri(uri);
    const { domain } = this.world.directory.organization;
    return parsed?.host === domain.toLowerCase() ? (parsed.user ?? '') : '';
  }

  #identityOf(party: Party): Identity {
    return { displayName: party.name, uri: this.#addressOf(party) };
  }

  #addressOf({ number }: Party): string {
    return `sip:${number}@${this.world.directory.organization.domain}`;
  }
}
