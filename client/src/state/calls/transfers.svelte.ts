import { type CallId, FEATURE_CODES, type Party } from '@perch/shared';
import { m } from '../../words/messages.svelte.ts';
import {
  after,
  type Asked,
  type Destination,
  isTakenBack,
  type TransferProgress,
  type TransferState,
  whileAsking,
} from '../../phone/calls/transfer.ts';
import type { Notices } from '../page/notices.svelte.ts';
import { nameOf, transferFailure } from '../sentences.ts';
import type { ActiveCall } from './active-call.svelte.ts';
import type { CallTie } from './call-tie.ts';
import type { Calls } from './calls.svelte.ts';

export interface TransfersParts {
  readonly calls: Calls;
  readonly notices: Pick<Notices, 'show'>;
  readonly partyOf: (call: ActiveCall) => Party;
  readonly tie: Pick<CallTie, 'why' | 'holds'>;
  /** The person of that number, as far as the page knows them. */
  readonly named: (number: string) => Party;
  /** Calls that number, and puts the call that is under way on hold. */
  readonly dialBeside: (number: string) => void;
  /** Joins two calls in a conference; the first one goes on here. Resolves to whether the server has done it. */
  readonly confer: (kept: CallId, other: CallId) => Promise<boolean>;
  /** Asks the server to let that call be sent on no longer; resolves to whether that is so. */
  readonly takeBack: (call: CallId) => Promise<boolean>;
}

/** A call that is being sent on. */
export interface Transfer {
  readonly call: ActiveCall;
  /** The other side of the call when it was sent on: the server may say that the call is over before that it is sent on. */
  readonly who: Party;
  readonly to: Destination;
  /** The person there has not been asked. */
  readonly isBlind: boolean;
  readonly state: TransferState;
}

/** The person `target` is asked whether they take the call with `caller`. */
export interface Consultation {
  readonly caller: ActiveCall;
  readonly target: ActiveCall;
}

/** What a person is choosing a number for: to send this call on, or to call someone beside it. */
export interface Choosing {
  readonly what: 'transfer' | 'add';
  readonly call: ActiveCall;
}

/** Sends calls on: at once, or after asking the person who is to get it. */
export class Transfers {
  #choosing: Choosing | null = $state.raw(null);
  #asking: Consultation | null = $state.raw(null);
  #underWay: readonly Transfer[] = $state.raw([]);
  /** The server is being asked to give this one back. */
  #recalled: ActiveCall | null = null;
  readonly #parts: TransfersParts;

  constructor(parts: TransfersParts) {
    this.#parts = parts;
  }

  /** The panel that is open over the keys of the call that the page shows. */
  get choosing(): Choosing | null {
    const { calls, tie } = this.#parts;
    return tie.why === null && this.#choosing?.call === calls.talking ? this.#choosing : null;
  }

  get asking(): Consultation | null {
    return this.#asking;
  }

  /** What can be done with the person who is asked; `null` where nobody is. */
  get asked(): Asked | null {
    return this.#asking === null ? null : whileAsking(this.#asking.caller.state, this.#asking.target.state);
  }

  of(call: ActiveCall): Transfer | undefined {
    return this.#underWay.find((one) => one.call === call);
  }

  /** Opens the panel, or closes it; a call that is already being sent on is taken back. */
  readonly toggle = (what: Choosing['what']): void => {
    const { calls, tie } = this.#parts;
    const { talking } = calls;
    if (talking === null || tie.holds()) return;
    if (this.of(talking) !== undefined) {
      if (what === 'transfer') void this.takeBack(talking);
      return;
    }
    const isOpen = this.choosing?.what === what;
    this.#choosing = isOpen || talking.since === null ? null : { what, call: talking };
  };

  readonly close = (): void => {
    this.#choosing = null;
  };

  /** Hands the call to that number without asking: the caller waits on hold until they answer. */
  readonly sendNow = (call: ActiveCall, number: string): void => {
    if (this.#parts.tie.holds()) return;
    this.close();
    call.setHold(true);
    this.#send(call, this.#parts.named(number), number);
  };

  /** Does it still ring at the person to whom it was sent? */
  canTakeBack(call: ActiveCall): boolean {
    const transfer = this.of(call);
    return transfer !== undefined && transfer.isBlind && transfer.state !== 'forwarded' && call.id !== null;
  }

  /** Speaks again to the person who was to be sent on. */
  readonly takeBack = async (call: ActiveCall): Promise<void> => {
    if (!this.canTakeBack(call) || call.id === null || this.#parts.tie.holds()) return;
    this.#recalled = call;
    if ((await this.#parts.takeBack(call.id)) && this.of(call) !== undefined) this.#givenBack(call);
    this.#recalled = null;
  };

  /** Can it be left in a slot, where it waits to be picked up? Not while it waits in one, and no conference. */
  canPark(call: ActiveCall): boolean {
    const view = this.#parts.calls.viewOf(call);
    return (
      call.since !== null &&
      view?.parked === null &&
      view.conference === null &&
      !call.isWithServer &&
      this.of(call) === undefined
    );
  }

  /** Leaves the call in a slot: the page then says in which (`parked-calls.svelte.ts`). */
  readonly park = (call: ActiveCall): void => {
    if (!this.canPark(call) || this.#parts.tie.holds()) return;
    this.close();
    this.#send(call, 'slot', FEATURE_CODES.park);
  };

  /** Calls that number first, while the caller waits. */
  readonly askFirst = (caller: ActiveCall, number: string): void => {
    const { calls, dialBeside, tie } = this.#parts;
    if (tie.holds()) return;
    this.close();
    dialBeside(number);
    const target = calls.focused;
    if (target !== null && target !== caller) this.#asking = { caller, target };
  };

  /** Joins the caller with the person who was asked. */
  readonly complete = (): void => {
    if (this.#asking !== null && this.asked?.canComplete)
      this.connect(this.#asking.caller, this.#asking.target);
  };

  /** Joins the other sides of two calls with each other; both are over here then. */
  readonly connect = (caller: ActiveCall, target: ActiveCall): void => {
    if (this.#parts.tie.holds()) return;
    this.close();
    this.#asking = { caller, target };
    caller.setHold(true);
    this.#send(caller, this.#parts.partyOf(target), target);
  };

  /** Can the two be one conference? Both have been answered, and the server knows them. */
  canJoin(one: ActiveCall, other: ActiveCall): boolean {
    return [one, other].every(
      (call) => call.since !== null && call.id !== null && this.of(call) === undefined,
    );
  }

  /** Joins two calls in a conference: the one that is a conference already goes on here, else the first one. */
  readonly join = async (one: ActiveCall, other: ActiveCall): Promise<void> => {
    const { calls, confer, tie } = this.#parts;
    const [kept, added] = calls.isConference(other) ? [other, one] : [one, other];
    if (kept.id === null || added.id === null || tie.holds()) return;
    this.#asking = null;
    if (!(await confer(kept.id, added.id))) return;
    // Who holds a conference hears nothing of it.
    kept.setHold(false);
    calls.focus(kept);
  };

  /** Speaks to the caller again; the person who was asked is hung up. */
  readonly goBack = (): void => {
    if (this.#asking === null) return;
    const { caller, target } = this.#asking;
    this.#asking = null;
    target.hangUp();
    this.#parts.calls.resume(caller);
  };

  /** A call is over. */
  over(call: ActiveCall): void {
    this.#underWay = this.#underWay.filter((one) => one.call !== call);
    if (this.#choosing?.call === call) this.close();
    if (this.#asking === null) return;
    const { caller, target } = this.#asking;
    if (call !== caller && call !== target) return;
    this.#asking = null;
    if (call === target && this.of(caller) === undefined) this.#takeBack(caller);
  }

  #send(call: ActiveCall, to: Destination, target: string | ActiveCall): void {
    if (this.of(call) !== undefined) return;
    const isBlind = typeof target === 'string' && to !== 'slot';
    const who = this.#parts.partyOf(call);
    this.#underWay = [...this.#underWay, { call, who, to, isBlind, state: 'sending' }];
    call.transfer(target, (progress) => this.#follow(call, progress));
  }

  #follow(call: ActiveCall, progress: TransferProgress): void {
    const transfer = this.of(call);
    if (transfer === undefined) return;
    const state = after(progress);
    this.#underWay = this.#underWay.flatMap((one) =>
      one.call !== call ? [one] : state === null ? [] : [{ ...one, state }],
    );
    const { notices } = this.#parts;
    const { who } = transfer;
    if (progress.kind === 'done' && transfer.to !== 'slot') {
      const said = transfer.state === 'forwarded' ? m.transfer_done_forwarded : m.transfer_done;
      notices.show(said({ who: nameOf(who), to: nameOf(transfer.to) }), 'good');
    }
    if (progress.kind !== 'failed') return;
    if (call === this.#recalled) {
      this.#givenBack(call);
      return;
    }
    const asked = this.#asking?.caller === call ? this.#asking.target : null;
    const isBack = asked === null && this.#takeBack(call);
    const isThere = asked !== null && asked.since !== null;
    notices.show(transferFailure(progress.ending, transfer.to, who, { isBack, isThere }), 'bad');
  }

  #givenBack(call: ActiveCall): void {
    this.#underWay = this.#underWay.filter((one) => one.call !== call);
    if (call.since !== null) this.#parts.calls.resume(call);
  }

  /** Returns whether the caller is spoken to again. */
  #takeBack(caller: ActiveCall): boolean {
    const { calls } = this.#parts;
    const isSpeaking = calls.all.some((one) => one !== caller && one.since !== null && !one.hold.here);
    const isBack = isTakenBack(caller.state, isSpeaking);
    if (isBack) calls.resume(caller);
    return isBack;
  }
}
