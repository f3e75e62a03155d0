import type { CallId, ExtensionId, TerminalId } from '@perch/shared';
import type { MediaEngine } from '../../media/endpoint.ts';
import type { HeaderField } from '../../sip/message/message.ts';
import { LAST_WORDS, type LegEvent } from '../../sip/user-agent/leg.ts';
import { evenTime } from '../../world/even-time.ts';
import { asWorkOf, failureOf } from '../failure-of-call.ts';
import type { CallStore, Extension } from '../ports.ts';
import { type Sought, Unanswered } from './forwarding/unanswered.ts';
import { type CallStart, labelOf, saveCall } from './call-start.ts';
import type { Effect, Event, Forwarded, State } from './machines/call-state.ts';
import type { LegId } from './machines/fork.ts';
import { isSide } from './machines/sides.ts';
import { step } from './machines/step.ts';
import type { EmergencyHold, End } from './ports.ts';
import { type CallAccount, type Describe, lastTimeIn } from './records/account.ts';
import { follow, isNoted } from './records/accounting.ts';
import type { CallRecords } from './records/call-records.ts';
import { type RingingTimes, RingingTimers } from './ringing/ringing-timers.ts';
import { Hosts } from './services/hosts.ts';
import type { ServiceCalls } from './services/service-calls.ts';
import { type Seat, tell } from './seats/seat.ts';
import { ShownCall } from './shown-call.ts';

/** How long a phone has to answer for a new session, which it does without asking anyone (milliseconds). */
const RESEAT_MS = 4_000;

export type ReferEvent = Extract<LegEvent, { readonly kind: 'refer' }>;

/** What a call needs of its owner, which holds all calls. */
export interface CallOwner extends RingingTimes {
  readonly store: CallStore;
  readonly engine: Pick<MediaEngine, 'endpoint' | 'bridge'>;
  readonly records: CallRecords;
  /** Talks to callers whose call was not answered, or not where it was sent on. */
  readonly services: Pick<ServiceCalls, 'turnAway' | 'mailboxEnd'>;
  /** For the record: an end as it is now. */
  readonly describe: Describe;
  /** `undefined` once it is over. */
  call(id: CallId): Call | undefined;
  /** Rings for another extension, where calls go on from the one that was not reached; says what has become of it. */
  forward(call: Call, sought: Sought): Forwarded;
  /** Calls the phone of that seat for a new session in place of it; `null` where it takes none, or cannot be reached. */
  reseat(call: Call, seat: Seat, from: End, sdp: string): LegId | null;
  holdOn(terminal: TerminalId): EmergencyHold;
  /** `undefined` where it was deleted. */
  extension(id: ExtensionId): Extension | undefined;
  /** Something that is visible from outside has changed. */
  changed(call: Call): void;
  referred(call: Call, leg: LegId, event: ReferEvent): void;
  storeFailed(error: unknown): void;
}

/**
 * One call: the shell of its machine, which decides everything. It maps ids to legs, tells them what the machine wants, runs its timers and
 * keeps what is stored. Events that arrive while another is being handled wait their turn.
 */
export class Call extends ShownCall {
  readonly id: CallId;
  /** Tells every phone of the call which one it is. */
  readonly label: HeaderField;
  readonly unanswered: Unanswered;
  readonly callsBack: TerminalId | null;
  answeredAt: number | null;
  /** What its record will say. */
  account: CallAccount;
  /** By which its account is kept. */
  readonly now: () => number;
  #state: State;
  readonly #owner: CallOwner;
  #hold: EmergencyHold | null;
  readonly #waiting: Event[] = [];
  #handling = false;
  #hosts: Hosts | null = null;
  readonly #timers: RingingTimers;

  constructor(owner: CallOwner, start: CallStart, state: State) {
    super();
    this.#owner = owner;
    this.unanswered = new Unanswered(this, owner);
    this.id = start.id;
    this.label = labelOf(start.id);
    this.account = start.account;
    this.now = evenTime(owner.clock, lastTimeIn(start.account));
    this.answeredAt = start.answeredAt;
    this.#hold = start.hold;
    this.callsBack = start.callsBack ?? null;
    this.#state = state;
    this.#timers = new RingingTimers(owner, () => {
      this.handle({ kind: 'no-answer' });
    });
  }

  get state(): State {
    return this.#state;
  }

  get isEmergency(): boolean {
    return this.#hold !== null;
  }

  get isForHelp(): boolean {
    return this.isEmergency || this.callsBack !== null;
  }

  /** A phone was disconnected or has come back: pages that show the call are told. */
  lineChanged(): void {
    this.#owner.changed(this);
  }

  /** Another call's leg is to be joined with one of ours: from now on it goes by our id, and that call tells us its answers. */
  borrow(lender: Call, seat: Seat): void {
    this.seats.set(seat.leg.id, seat);
    seat.leg.label(this.label);
    lender.handle({ kind: 'lent', leg: seat.leg.id, to: this.id });
  }

  /** Adds a leg: from now on this call receives its events. */
  seat(seat: Seat): LegId {
    const { leg } = seat;
    this.seats.set(leg.id, seat);
    seat.call = this;
    leg.listen((event) => {
      this.#said(leg.id, event);
    });
    return leg.id;
  }

  /** Another call takes over that leg. */
  release(leg: LegId): Seat | undefined {
    const seat = this.seats.get(leg);
    this.seats.delete(leg);
    return seat;
  }

  /** Runs effects that came with the first state. */
  begin(effects: readonly Effect[]): void {
    this.#handling = true;
    try {
      this.#performAll(effects);
      this.#owner.changed(this);
    } finally {
      this.#next(this.#waiting.shift());
    }
  }

  handle(event: Event): void {
    // Few events ever have to wait, and a queue that is empty each time would be allocated anew for each.
    const isNext = !this.#handling && this.#waiting.length === 0;
    if (!isNext) this.#waiting.push(event);
    if (!this.#handling) this.#next(isNext ? event : this.#waiting.shift());
  }

  /** Handles that event, and then those that wait. */
  #next(first: Event | undefined): void {
    const { describe } = this.#owner;
    this.#handling = true;
    try {
      for (let event = first; event !== undefined; event = this.#waiting.shift()) {
        const before = this.#state;
        const [state, effects] = step(before, event);
        if (isNoted(before, event, state))
          this.account = follow(this.account, { before, event, after: state, now: this.now() }, describe);
        if (state === before && effects.length === 0) continue;
        this.#state = state;
        try {
          this.#performAll(effects);
        } finally {
          // Even then a call that is over is no longer shown, and no one is busy with it.
          if (state.kind === 'over') this.#close();
          else this.#timers.watch(this.isEmergency ? null : this.ringing);
          this.#hosts?.tidy(state);
          this.#owner.changed(this);
        }
      }
    } finally {
      // An error costs one event: later ones are still handled.
      this.#handling = false;
    }
  }

  /** No timer of a call outlives it. */
  #close(): void {
    this.#timers.stop();
    for (const seat of this.seats.values()) seat.stopWaiting?.();
    this.#hold?.release();
    this.#hold = null;
  }

  #said(leg: LegId, event: LegEvent): void {
    this.seats.get(leg)?.path?.read(event);
    if (event.kind === 'refer') this.#owner.referred(this, leg, event);
    else this.handle({ kind: 'said', leg, event });
    if (LAST_WORDS.has(event.kind)) this.#clear(leg);
  }

  /** Forgets a leg that has ended and is no side of the call: a long call may see many come and go. */
  #clear(leg: LegId): void {
    if (this.#state.kind !== 'talking' || isSide(this.#state, leg)) return;
    this.seats.get(leg)?.stopWaiting?.();
    this.seats.delete(leg);
  }

  #performAll(effects: readonly Effect[]): void {
    asWorkOf(this.id, () => {
      for (const effect of effects) this.#perform(effect);
    });
  }

  #perform(effect: Effect): void {
    const { records } = this.#owner;
    switch (effect.kind) {
      case 'refuse':
        this.unanswered.refuse(effect);
        return;
      case 'begin':
        this.answeredAt = this.now();
        return;
      case 'finish':
        records.finish(this, effect.outcome);
        return;
      case 'save':
        this.#save({ kind: 'saved' });
        return;
      case 'keep':
        this.#save();
        return;
      case 'start-no-answer':
        this.#timers.start(effect.ms);
        return;
      case 'forward':
        // Ahead of the events that are waiting, so that every later event finds it ringing there.
        this.#waiting.unshift(this.#owner.forward(this, this.unanswered.sought(effect)));
        return;
      case 'stop-no-answer':
        this.#timers.stop();
        return;
      case 'pass-on':
        this.#owner.call(effect.call)?.handle({ kind: 'said', leg: effect.leg, event: effect.event });
        return;
      case 're-seat':
        this.#reseat(effect);
        return;
      case 'host':
        this.#hosts ??= new Hosts(this.#owner.engine, this);
        this.#hosts.host(effect);
        return;
      case 'divert':
        this.#waiting.unshift(this.unanswered.divert(effect));
        return;
      case 'take':
        this.#take(effect);
        return;
      case 'give-back':
        this.#giveBack(effect);
        return;
      default: {
        const seat = this.seats.get(effect.leg);
        if (seat !== undefined) tell(seat, effect);
      }
    }
  }

  #reseat({ leg, from, sdp }: Extract<Effect, { readonly kind: 're-seat' }>): void {
    const seat = this.seats.get(leg);
    const newcomer = seat === undefined ? null : this.#owner.reseat(this, seat, from, sdp);
    this.#timers.start(RESEAT_MS);
    // Ahead of the events that are waiting, so that every later event finds the new leg in the state.
    this.#waiting.unshift({ kind: 're-seat-called', newcomer });
  }

  #take({ leg, lender: id }: Extract<Effect, { readonly kind: 'take' }>): void {
    const [lender, seat] = [this.#owner.call(id), this.seats.get(leg)];
    if (seat !== undefined) this.seat(seat);
    if (lender === undefined) return;
    // The person who called for help is still talking.
    if (this.#hold === null) [this.#hold, lender.#hold] = [lender.#hold, null];
    lender.seats.delete(leg);
    lender.handle({ kind: 'taken' });
  }

  #giveBack({ leg, lender: id, pending }: Extract<Effect, { readonly kind: 'give-back' }>): void {
    const lender = this.#owner.call(id);
    this.seats.delete(leg);
    if (lender === undefined) return;
    lender.seats.get(leg)?.leg.relabel(lender.label);
    lender.handle({ kind: 'given-back', pending });
  }

  /** `saved` is handled once it is stored. */
  #save(saved?: Event): void {
    const owner = this.#owner;
    const failed = (error: unknown): void => {
      owner.storeFailed(failureOf(this.id, error));
    };
    const stored = saveCall(this, this.#hold?.terminal, owner.store, failed);
    stored.then(() => saved && this.handle(saved)).catch(failed);
  }
}
