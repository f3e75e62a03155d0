import type { ExtensionId } from '@perch/shared';
import type { Extension } from '../../ports.ts';
import type { Effect, Event } from '../machines/call-state.ts';
import { type RingingPhones, soughtFor } from '../machines/visible.ts';
import type { Failure } from '../outcome.ts';
import type { Party, ServiceParty } from '../ports.ts';
import { type Hop, unreachable } from '../ringing/destination.ts';
import type { CallRecords } from '../records/call-records.ts';
import type { ServiceCalls } from '../services/service-calls.ts';
import type { Seat } from '../seats/seat.ts';
import type { ShownCall } from '../shown-call.ts';

interface UnansweredCall extends ShownCall {
  readonly isEmergency: boolean;
  /** An emergency call, or one with which help calls back: a recording helps nobody who has called for help. */
  readonly isForHelp: boolean;
  readonly now: () => number;
  seat(seat: Seat): unknown;
}

interface Owner {
  readonly records: Pick<CallRecords, 'turnedAway' | 'visiting'>;
  /** Talks to callers whose call was not answered, or not where it was sent on. */
  readonly services: Pick<ServiceCalls, 'turnAway' | 'mailboxEnd'>;
  /** `undefined` where it was deleted. */
  extension(id: ExtensionId): Extension | undefined;
}

type EffectOf<Kind extends Effect['kind']> = Extract<Effect, { readonly kind: Kind }>;

/** A party that was rung in vain, and for whom. */
export interface Sought extends Omit<RingingPhones, 'branches'> {
  readonly failure: Failure;
}

/**
 * What becomes of a call that is not answered where it rings: it goes on to another extension, to a mailbox, or is refused. Whichever way it
 * went, the mailbox is that of the extension to which it was made, or sent on, at first: callers hear the one whom they have called.
 */
export class Unanswered {
  readonly #call: UnansweredCall;
  readonly #owner: Owner;
  #hops: readonly Hop[] = [];

  constructor(call: UnansweredCall, owner: Owner) {
    this.#call = call;
    this.#owner = owner;
  }

  /** The way by which it has come since it was made, or sent on. */
  get hops(): readonly Hop[] {
    return this.#hops;
  }

  /** It has gone on by way of these extensions. */
  divertedBy(hops: readonly Hop[]): void {
    this.#hops = [...this.#hops, ...hops];
  }

  /** A party of it is sent on to somebody else. */
  sentOn(): void {
    this.#hops = [];
  }

  /** The caller is turned away. */
  refuse({ leg, failure: why, parties }: EffectOf<'refuse'>): void {
    const call = this.#call;
    const { records, services } = this.#owner;
    const { caller, callee } = parties;
    const failure = this.#known(callee, why);
    const called = this.#called(callee);
    const over = records.turnedAway(call, failure);
    const inbound = call.seats.get(leg)?.inbound ?? null;
    const mailbox = call.isForHelp ? undefined : called;
    const from = { call: call.id, number: called?.number ?? callee.number, mailbox, over };
    if (inbound === null) over(null);
    else services.turnAway(inbound, caller, failure, from);
  }

  /** One party cannot be sent on: the mailbox is added, if there is one. */
  divert({ target, transferee, failure }: EffectOf<'divert'>): Event {
    const called = this.#called(target);
    const mailbox = called && this.mailboxFor(transferee, called, this.#known(target, failure));
    return {
      kind: 'diverted',
      to: mailbox === undefined ? null : { leg: mailbox.leg.id, party: mailbox.party },
    };
  }

  /** Whom it was rung for last, and why in vain. */
  sought({ callee: party, failure }: EffectOf<'forward'>): Sought {
    return { party, ...soughtFor(this.#call.state), failure: this.#known(party, failure) };
  }

  /** Adds the mailbox of an extension to which one party cannot be sent on; `undefined` where that is not what becomes of the call. */
  mailboxFor(caller: Party, callee: Extension, failure: Failure): Seat<ServiceParty> | undefined {
    const call = this.#call;
    const { records, services } = this.#owner;
    if (call.isForHelp) return undefined;
    const over = records.visiting(call);
    const mailbox = services.mailboxEnd({ id: call.id, caller }, { callee, failure, over });
    if (mailbox === undefined) over(null);
    else call.seat(mailbox);
    return mailbox;
  }

  #called({ extension }: Party): Extension | undefined {
    return this.#owner.extension(this.#hops[0]?.extension.id ?? extension);
  }

  /** A phone that is offline at somebody else's desk is known as that. */
  #known(callee: Party, failure: Failure): Failure {
    const home = this.#owner.extension(callee.extension)?.terminal;
    return failure === 'offline' ? unreachable(callee, home) : failure;
  }
}
