import {
  CALL_ID_HEADER,
  type CallId,
  type CallRecordId,
  type ExtensionId,
  type TerminalId,
} from '@perch/shared';
import type { HeaderField } from '../../sip/message/message.ts';
import type { InboundLeg, LegEvent } from '../../sip/user-agent/leg.ts';
import type { CallStore, Clock, Extension, StoredCall } from '../ports.ts';
import type { Effect, Event, State } from './machines/call-state.ts';
import type { CallRecords } from './call-records.ts';
import type { LegId } from './machines/fork.ts';
import { isSide } from './machines/sides.ts';
import { step } from './machines/step.ts';
import type { Party } from './ports.ts';
import { unreachable } from './routing.ts';
import type { ServerCalls } from './server-calls.ts';
import { type Seat, storedParty, tell } from './seat.ts';
import { holds, type Viewed } from './views.ts';

export type ReferEvent = Extract<LegEvent, { readonly kind: 'refer' }>;

/** What a call needs of its owner, which holds all calls. */
export interface CallOwner {
  readonly clock: Clock;
  readonly store: CallStore;
  readonly records: CallRecords;
  /** Talks to callers whose call was not answered. */
  readonly server: Pick<ServerCalls, 'turnAway'>;
  /** How long phones ring before the call counts as not answered (milliseconds). */
  readonly noAnswerMs: number;
  newRecordId(): CallRecordId;
  holdOn(terminal: TerminalId): EmergencyHold;
  /** `undefined` where it was deleted. */
  extension(id: ExtensionId): Extension | undefined;
  /** Something that is visible from outside has changed. */
  changed(call: Call): void;
  referred(call: Call, leg: LegId, event: ReferEvent): void;
  storeFailed(error: unknown): void;
}

/** Nothing changes on the terminal of an emergency call until this is released, once, when the call is over. */
export interface EmergencyHold {
  readonly terminal: TerminalId;
  readonly release: () => void;
}

interface CallStart {
  readonly id: CallId;
  /** Of a restored call: a new one gets its own. */
  readonly record?: CallRecordId;
  readonly dialled: string;
  readonly startedAt: number;
  readonly answeredAt: number | null;
  readonly caller: Party;
  readonly callee: Party;
  /** The leg whose INVITE began it; none after a restart. */
  readonly inbound: InboundLeg | null;
  /** Of an emergency call. */
  readonly hold: EmergencyHold | null;
}

/** How long the phones that rang have to reconnect once all of them are disconnected (milliseconds). Reloading a page takes 3 s. */
const RELOAD_MS = 6_000;

/**
 * One call: the shell of its machine. It maps ids to legs, tells them what the machine decides, and keeps what is stored
 * and shown. Events that arrive while another is being handled wait their turn.
 */
export class Call implements Viewed {
  readonly id: CallId;
  /** The record of the conversation that is under way: a transfer begins another. */
  record: CallRecordId;
  /** Tells every phone of the call which one it is. */
  readonly label: HeaderField;
  dialled: string;
  startedAt: number;
  answeredAt: number | null;
  caller: Party;
  callee: Party;
  /** The party that a transfer rings, and the side that asked for it. */
  invited: { readonly party: Party; readonly by: 'caller' | 'callee' } | null = null;
  /** The leg whose INVITE began it; none after a restart. */
  readonly inbound: InboundLeg | null;
  readonly seats = new Map<LegId, Seat>();
  state: State;
  /** The call that is joining one of our legs into itself, and the one whose leg we are joining. */
  #borrower: Call | null = null;
  #lender: Call | null = null;
  readonly #owner: CallOwner;
  #hold: EmergencyHold | null;
  readonly #holding = new Set<LegId>();
  readonly #waiting: Event[] = [];
  #handling = false;
  #offered: { readonly leg: LegId; readonly sdp: string } | null = null;
  #stopNoAnswer: (() => void) | null = null;
  #stopAwaiting: (() => void) | null = null;

  constructor(owner: CallOwner, start: CallStart, state: State) {
    this.#owner = owner;
    this.id = start.id;
    this.record = start.record ?? owner.newRecordId();
    this.label = labelOf(start.id);
    this.dialled = start.dialled;
    this.startedAt = start.startedAt;
    this.answeredAt = start.answeredAt;
    this.caller = start.caller;
    this.callee = start.callee;
    this.inbound = start.inbound;
    this.#hold = start.hold;
    this.state = state;
  }

  get phase(): Viewed['phase'] {
    return this.state.kind === 'ringing' ? 'ringing' : 'talking';
  }

  get isHeld(): boolean {
    return this.#holding.size > 0;
  }

  get away(): Viewed['away'] {
    const caller = isAwaited(this.#seatOf('caller'));
    const callee = isAwaited(this.#seatOf('callee'));
    if (caller && callee) return 'both';
    if (caller) return 'caller';
    return callee ? 'callee' : null;
  }

  get isEmergency(): boolean {
    return this.#hold !== null;
  }

  /** The terminals that take part, each once. */
  get terminals(): readonly TerminalId[] {
    if (this.state.kind === 'over') return [];
    const { caller, callee, invited } = this;
    const both = caller.terminal === callee.terminal ? [caller.terminal] : [caller.terminal, callee.terminal];
    const third = invited?.party.terminal;
    return third === undefined || both.includes(third) ? both : [...both, third];
  }

  /** The parties that are on the phone: the caller, and the callee once it has answered. */
  get busy(): readonly Party[] {
    if (this.state.kind === 'over') return [];
    return this.state.kind === 'ringing' ? [this.caller] : [this.caller, this.callee];
  }

  /** The party that is being rung, for the call or for a transfer of it, and by whom. */
  get ringing(): {
    readonly party: Party;
    readonly by: Party;
    readonly branches: readonly LegId[];
  } | null {
    const { state, invited, caller, callee } = this;
    if (state.kind === 'ringing') return { party: callee, by: caller, branches: state.fork.branches };
    if (state.kind !== 'talking' || invited === null || state.transfer?.target.kind !== 'ringing')
      return null;
    const by = invited.by === 'caller' ? caller : callee;
    return { party: invited.party, by, branches: state.transfer.target.fork.branches };
  }

  /** The party that is being rung has moved to another terminal. */
  follow(party: Party): void {
    if (this.invited === null) this.callee = party;
    else this.invited = { ...this.invited, party };
  }

  /** A phone was disconnected or has come back: pages that show the call are told. */
  lineChanged(): void {
    this.#owner.changed(this);
  }

  /** Another call's leg is to be joined with one of ours; until that is done, both calls receive its events. */
  borrow(lender: Call, seat: Seat): void {
    this.seats.set(seat.leg.id, seat);
    seat.leg.label(this.label);
    this.#lender = lender;
    lender.#borrower = this;
    lender.handle({ kind: 'lent', leg: seat.leg.id });
  }

  /** Adds a leg: from now on this call receives its events. */
  seat(seat: Seat): LegId {
    const { leg } = seat;
    this.seats.set(leg.id, seat);
    leg.listen((event) => {
      this.#said(leg.id, event);
    });
    return leg.id;
  }

  /** Runs effects that came with the first state. */
  begin(effects: readonly Effect[]): void {
    this.#handling = true;
    try {
      for (const effect of effects) this.#perform(effect);
      this.#owner.changed(this);
    } finally {
      this.#next();
    }
  }

  handle(event: Event): void {
    this.#waiting.push(event);
    if (!this.#handling) this.#next();
  }

  #next(): void {
    this.#handling = true;
    try {
      for (let event = this.#waiting.shift(); event !== undefined; event = this.#waiting.shift()) {
        const [state, effects] = step(this.state, event);
        if (state === this.state && effects.length === 0) continue;
        this.state = state;
        for (const effect of effects) this.#perform(effect);
        if (state.kind !== 'talking' || state.transfer?.target.kind !== 'ringing') this.invited = null;
        if (state.kind === 'over') this.#close();
        this.#awaitPhones();
        this.#owner.changed(this);
      }
    } finally {
      // An error costs one event: later ones are still handled.
      this.#handling = false;
    }
  }

  /**
   * Once every ringing phone is disconnected, the caller does not have to wait out the full ringing time. An emergency call
   * does wait.
   */
  #awaitPhones(): void {
    if (this.ringing?.branches.length !== 0 || this.isEmergency) {
      this.#stopAwaiting?.();
      this.#stopAwaiting = null;
    } else {
      this.#stopAwaiting ??= this.#owner.clock.after(RELOAD_MS, () => {
        this.handle({ kind: 'no-answer' });
      });
    }
  }

  /** No timer of a call outlives it. */
  #close(): void {
    this.#stopNoAnswer?.();
    for (const seat of this.seats.values()) seat.stopWaiting?.();
    this.#hold?.release();
    this.#hold = null;
  }

  #said(leg: LegId, event: LegEvent): void {
    if (event.kind === 'refer') {
      this.#owner.referred(this, leg, event);
      return;
    }
    const isFree = this.state.kind === 'talking' && this.state.exchange.kind === 'idle';
    if (event.kind === 'offered' && isFree) this.#offered = { leg, sdp: event.sdp };
    const borrower = this.#borrower;
    this.handle({ kind: 'said', leg, event });
    // The call that joins the leg receives the answers to its offer; requests of the leg itself stay with us.
    if (ANSWERS.has(event.kind) && borrower?.seats.has(leg) === true) {
      borrower.handle({ kind: 'said', leg, event });
    }
    if (LAST_WORDS.has(event.kind)) this.#clear(leg);
  }

  /** Forgets a leg that has ended and is no side of the call: a long call may see many come and go. */
  #clear(leg: LegId): void {
    const { state } = this;
    if (state.kind !== 'talking' || isSide(state, leg)) return;
    this.seats.get(leg)?.stopWaiting?.();
    this.seats.delete(leg);
  }

  #perform(effect: Effect): void {
    switch (effect.kind) {
      case 'ring':
        this.inbound?.progress(180);
        return;
      case 'refuse': {
        const { id, callee } = this;
        const { extension, number } = callee;
        const failure = effect.failure === 'offline' ? unreachable(this.callee) : effect.failure;
        if (this.inbound !== null) {
          const mailbox = this.isEmergency ? undefined : this.#owner.extension(extension);
          this.#owner.server.turnAway(this.inbound, this.caller, failure, { call: id, number, mailbox });
        }
        this.#owner.records.finish(this, failure);
        return;
      }
      case 'finish':
        this.#owner.records.finish(this, effect.outcome);
        return;
      case 'save':
        this.answeredAt = this.#owner.clock.now();
        this.#save();
        return;
      case 'replace':
        this.#replace(effect);
        return;
      case 'start-no-answer':
        this.#stopNoAnswer = this.#owner.clock.after(this.#owner.noAnswerMs, () => {
          this.handle({ kind: 'no-answer' });
        });
        return;
      case 'stop-no-answer':
        this.#stopNoAnswer?.();
        this.#stopNoAnswer = null;
        return;
      case 'give-back':
        this.#giveBack(effect.leg);
        return;
      default: {
        const seat = this.seats.get(effect.leg);
        if (effect.kind === 'accept-offer') this.#noteHold(effect.leg);
        if (seat !== undefined) tell(seat, effect);
      }
    }
  }

  /** A re-offer that was answered has put the other side on hold, or resumed it. */
  #noteHold(leg: LegId): void {
    if (this.#offered?.leg !== leg) return;
    if (holds(this.#offered.sdp)) this.#holding.add(leg);
    else this.#holding.delete(leg);
    this.#offered = null;
  }

  /** The seat of a side, once the call has two. */
  #seatOf(side: 'caller' | 'callee'): Seat | undefined {
    const { state } = this;
    if (state.kind === 'over') return undefined;
    if (side === 'caller') return this.seats.get(state.caller);
    return state.kind === 'ringing' ? undefined : this.seats.get(state.callee);
  }

  #replace({ by, goal }: Extract<Effect, { readonly kind: 'replace' }>): void {
    const { state } = this;
    const seat = this.seats.get(by);
    if (state.kind !== 'talking' || seat === undefined) return;
    this.#holding.clear();
    if (goal === 'transfer') {
      this.#owner.records.finish(this, 'transferred');
      const now = this.#owner.clock.now();
      this.record = this.#owner.newRecordId();
      this.dialled = seat.party.number;
      this.startedAt = this.answeredAt = now;
    }
    if (state.caller === by) this.caller = seat.party;
    else this.callee = seat.party;
    if (this.#lender !== null) {
      // The person who called for help is still talking.
      if (this.#hold === null) [this.#hold, this.#lender.#hold] = [this.#lender.#hold, null];
      this.#lender.handle({ kind: 'taken' });
      this.#repay();
      this.seat(seat);
    }
    this.#save();
  }

  #giveBack(leg: LegId): void {
    const lender = this.#lender;
    this.seats.delete(leg);
    if (lender === null) return;
    lender.seats.get(leg)?.leg.label(lender.label);
    lender.handle({ kind: 'given-back' });
    this.#repay();
  }

  #repay(): void {
    if (this.#lender !== null) this.#lender.#borrower = null;
    this.#lender = null;
  }

  /**
   * Stores the call; it goes on even where that fails. If a side has hung up in the meantime there is no dialog to store, and the
   * event that ends the call follows.
   */
  #save(): void {
    const stored = this.#stored();
    const writing = stored === undefined ? Promise.resolve() : this.#owner.store.save(stored);
    const saved = (): void => {
      this.handle({ kind: 'saved' });
    };
    const failed = (error: unknown): void => {
      this.#owner.storeFailed(error);
    };
    writing
      .then(saved, (error: unknown) => {
        failed(error);
        saved();
      })
      .catch(failed);
  }

  #stored(): StoredCall | undefined {
    const caller = storedParty(this.#seatOf('caller'));
    const callee = storedParty(this.#seatOf('callee'));
    const { id, record, startedAt, answeredAt } = this;
    if (caller === undefined || callee === undefined || answeredAt === null) return undefined;
    const emergencyOn = this.#hold?.terminal;
    const emergency = emergencyOn === undefined ? {} : { emergencyOn };
    return { id, record, startedAt, answeredAt, caller, callee, ...emergency };
  }
}

/** The header field that tells a phone the id of its call. */
export const labelOf = (id: CallId): HeaderField => [CALL_ID_HEADER, id];

const isAwaited = (seat: Seat | undefined): boolean => seat !== undefined && seat.stopWaiting !== null;

const LAST_WORDS: ReadonlySet<LegEvent['kind']> = new Set(['failed', 'cancelled', 'ended']);
const ANSWERS: ReadonlySet<LegEvent['kind']> = new Set(['offer-answered', 'offer-refused', 'ended']);
