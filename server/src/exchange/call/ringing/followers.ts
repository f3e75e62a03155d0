import type { ExtensionId } from '@perch/shared';
import type { Binding } from '../../registrar/bindings.ts';
import { isOfInstance } from '../../registrar/contact.ts';
import type { Clock } from '../../ports.ts';
import type { Call } from '../call.ts';
import type { LegId } from '../machines/fork.ts';
import type { RingingPhones } from '../machines/visible.ts';
import type { Placements } from '../placements.ts';
import { phoneReturned } from '../seats/recovery.ts';
import type { Ringer } from './ringer.ts';
import { pushedAt, ringExtension, type World } from './destination.ts';

/** Calls follow their phones and extensions: what has begun to ring rings wherever it would ring now. */
export class Followers {
  readonly #world: World;
  readonly #placements: Placements;
  readonly #ringer: Ringer;
  readonly #clock: Clock;

  constructor(world: World, placements: Placements, ringer: Ringer, clock: Clock) {
    this.#world = world;
    this.#clock = clock;
    this.#placements = placements;
    this.#ringer = ringer;
  }

  /** A phone has registered for the first time, on another flow, or with another Contact, or is awake again. */
  registered(binding: Binding): void {
    for (const call of [...this.#placements.at(binding.terminal)]) {
      if (call.farEnd === 'service') call.phoneReturned(binding);
      else {
        phoneReturned(call, binding, this.#clock);
        this.#ringToo(call, binding);
      }
    }
  }

  /** Nothing rings any longer at a phone that is asleep, unless a push message wakes it or help is called. */
  asleep(binding: Binding): void {
    const { terminal, key } = binding;
    for (const call of [...this.#placements.betweenPhonesAt(terminal)]) {
      for (const branch of call.ringing?.branches ?? []) {
        const seat = call.seats.get(branch);
        if (
          seat?.binding === key &&
          seat.party.terminal === terminal &&
          seat.leg.target.flow === binding.flow
        )
          this.#wakeOrLeave(call, branch, binding);
      }
    }
  }

  /** Help is called, or calls back, on a phone that may only be slow to answer, rather than on none: there the message comes on top. */
  #wakeOrLeave(call: Call, branch: LegId, binding: Binding): void {
    const { ringing } = call;
    const isForHelp = call.isEmergency || call.callsBack !== null;
    const asleep = pushedAt(binding.terminal, this.#world).find((phone) =>
      isOfInstance(binding, phone.instance),
    );
    const [pushed] =
      ringing === null || asleep === undefined ? [] : this.#ringer.ring(call, [asleep], ringing);
    if (pushed !== undefined)
      call.handle({ kind: 'phone-appeared', branch: pushed, instead: isForHelp ? null : branch });
    else if (!isForHelp) call.handle({ kind: 'phone-asleep', branch });
  }

  /** These extensions may now ring elsewhere, or nowhere: their ringing calls follow; answered calls stay. */
  moved(extensions: Iterable<ExtensionId>): void {
    const those = new Set(extensions);
    for (const call of this.#placements.all()) {
      const { ringing } = call;
      if (ringing !== null && those.has(ringing.party.extension)) this.#follow(call, ringing);
    }
  }

  /** Calls that ring at a terminal also ring at a phone that appears there later (a reloaded page, a reconnect). */
  #ringToo(call: Call, binding: Binding): void {
    const { ringing } = call;
    if (ringing === null) return;
    if (ringing.party.terminal !== binding.terminal) {
      this.#ringInstead(call, binding, ringing);
      return;
    }
    let own: LegId | null = null;
    let instead: LegId | null = null;
    for (const branch of ringing.branches) {
      const seat = call.seats.get(branch);
      if (seat === undefined) continue;
      const isSamePhone = seat.binding === binding.key;
      // Already ringing on this connection, under an earlier Contact.
      if (seat.leg.target.flow === binding.flow && (!isSamePhone || seat.contact === binding.contact))
        own = branch;
      else if (isSamePhone) instead = branch;
    }
    if (own !== null) {
      // The message that was to wake it has done its work.
      if (instead !== null) call.handle({ kind: 'phone-appeared', branch: own, instead });
      return;
    }
    for (const branch of this.#ringer.ring(call, [binding], ringing)) {
      call.handle({ kind: 'phone-appeared', branch, instead });
    }
  }

  /** The phone was woken for a call that could ring at another terminal as well. */
  #ringInstead(call: Call, binding: Binding, ringing: RingingPhones): void {
    const { terminal } = binding;
    if (!ringing.branches.some((branch) => call.seats.get(branch)?.party.terminal === terminal)) return;
    const party = { ...ringing.party, terminal };
    const branches = this.#ringer.ring(call, [binding], { ...ringing, party });
    call.handle({ kind: 'extension-moved', party, branches });
  }

  /** A call ringing while its extension moves rings at the new terminal, and the caller does not notice. */
  #follow(call: Call, ringing: RingingPhones): void {
    const { party, from } = ringing;
    // Help calls that terminal and not a person.
    if (call.callsBack === party.terminal) return;
    const { directory, whereabouts } = this.#world;
    const callee = directory.byId(party.extension);
    const isInService = callee !== undefined && !callee.suspended;
    if (isInService && whereabouts.terminalOf(party.extension) === party.terminal) return;
    const destination = ringExtension(callee, from.terminal ?? undefined, this.#world);
    if (destination.kind === 'unavailable') {
      // It keeps ringing where it is: anyone there is better than no answer.
      if (call.isEmergency) return;
      call.handle({ kind: 'extension-gone', failure: destination.failure });
    } else if (destination.kind === 'ring') {
      const moved = destination.callee;
      const branches = this.#ringer.ring(call, destination.phones, { ...ringing, party: moved });
      call.handle({ kind: 'extension-moved', party: moved, branches });
    }
  }
}
