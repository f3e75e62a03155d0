import type { HeaderField } from '../../../sip/message/message.ts';
import { ANONYMOUS_URI } from '../../../sip/message/fields/privacy.ts';
import { formatReplaces } from '../../../sip/message/fields/replaces.ts';
import type { Identity, InboundLeg } from '../../../sip/user-agent/leg.ts';
import type { UserAgent } from '../../../sip/user-agent/user-agent.ts';
import type { Binding } from '../../registrar/bindings.ts';
import { keyOfInstance } from '../../registrar/contact.ts';
import type { Call } from '../call.ts';
import type { LegId } from '../machines/fork.ts';
import type { RingingPhones } from '../machines/visible.ts';
import { PLACEHOLDER_OFFER } from './placeholder-offer.ts';
import { type End, isPerson, type Party } from '../ports.ts';
import type { PushablePhone } from '../pushed/ports.ts';
import type { PushedPhones } from '../pushed/pushed-phones.ts';
import { diversionFields } from '../forwarding/diversion-fields.ts';
import type { RingingPhone, World } from './destination.ts';
import { IcePath } from '../seats/ice-path.ts';
import type { Seat } from '../seats/seat.ts';
import { strandedIn } from '../seats/stranded.ts';

/** Goes with an anonymous From (RFC 3325 §9.3). */
const PRIVACY: HeaderField = ['Privacy', 'id'];

/** A phone that does not know Replaces must not ring (RFC 3891 §4). */
const REQUIRE_REPLACES: HeaderField = ['Require', 'replaces'];

/** What a phone is rung with. */
interface Ring {
  readonly from: End;
  readonly to: Party;
  readonly sdp: string;
  readonly label: HeaderField;
  readonly fields?: readonly HeaderField[];
}

/** Calls phones, and knows the phones that call. */
export class Ringer {
  readonly #world: World;
  readonly #userAgent: Pick<UserAgent, 'invite'>;
  readonly #pushed: Pick<PushedPhones, 'ring'>;

  constructor(world: World, userAgent: Pick<UserAgent, 'invite'>, pushed: Pick<PushedPhones, 'ring'>) {
    this.#world = world;
    this.#userAgent = userAgent;
    this.#pushed = pushed;
  }

  /** Calls the phones for a call under way: after a move, for a phone that appeared, for a transfer. */
  ring(call: Call, phones: readonly RingingPhone[], ringing: Omit<RingingPhones, 'branches'>): LegId[] {
    const { party, from, by } = ringing;
    const isNamed = by !== from && by.withheld !== true;
    const referred = isNamed ? [['Referred-By', `<${this.#addressOf(by)}>`] as const] : []; // RFC 3892
    const fields = [
      ...referred,
      ...diversionFields(call.unanswered.hops, this.#world.directory.organization.domain),
    ];
    // Only the caller's first offer may be answered by the phone that rings.
    const sdp = call.offer ?? PLACEHOLDER_OFFER;
    const ring = { from, to: party, sdp, label: call.label, fields };
    return phones.map((phone) => call.seat(this.call(phone, ring)));
  }

  /** The phone of that seat, if it takes a new session in place of the one that it has. */
  reseatable({ party, binding, contact }: Seat): Binding | undefined {
    if (!isPerson(party)) return undefined;
    return this.#world.phones
      .bindings(party.terminal)
      .find((phone) => phone.reseats && phone.alive && phone.key === binding && phone.contact === contact);
  }

  /**
   * Is that phone to be joined by an offer of the other side, rather than by its own? One that takes a new session is; and one that may keep its
   * path has its old role of DTLS in what it would offer.
   */
  takesOffer(seat: Seat): boolean {
    return this.reseatable(seat) !== undefined || seat.path?.mayStay === true;
  }

  /** Calls the phone of that seat for a new session of the same call in place of it (RFC 3891). */
  reseat(call: Call, seat: Seat, from: End, sdp: string): LegId | null {
    const phone = this.reseatable(seat);
    const dialog = seat.leg.snapshot();
    const { party: to } = seat;
    if (phone === undefined || dialog === undefined || !isPerson(to)) return null;
    const replaces = formatReplaces({ ...dialog, toTag: dialog.remoteTag, fromTag: dialog.localTag });
    const fields: HeaderField[] = [['Replaces', replaces], REQUIRE_REPLACES];
    return call.seat(this.invite(phone, { from, to, sdp, label: call.label, fields }));
  }

  /** Has a phone whose path has stayed behind call once more, for another session of the same call; nothing follows where it refuses (RFC 3515). */
  recallStranded(call: Call): void {
    const seat = strandedIn(call);
    if (seat === undefined) return;
    seat.path?.leave();
    seat.leg.refer(this.#addressOf({ number: call.id }), () => undefined);
  }

  /** Rings a phone where it is registered, or by a push message. */
  call(phone: RingingPhone, ring: Ring): Seat {
    return 'flow' in phone ? this.invite(phone, ring) : this.#push(phone, ring);
  }

  /** Once the phone has registered, its own leg takes the place of this one, whose binding it has. */
  #push(phone: PushablePhone, { from, to, label: [, call] }: Ring): Seat {
    const { terminal } = phone;
    return {
      leg: this.#pushed.ring(phone, { call, from, to }),
      party: to.terminal === terminal ? to : { ...to, terminal },
      binding: keyOfInstance(phone.instance),
      contact: '',
      inbound: null,
      service: null,
      path: null,
      call: null,
      stopWaiting: null,
    };
  }

  invite({ flow, contact, key, reseats }: Binding, { from, to, sdp, label, fields = [] }: Ring): Seat {
    const isNamed = from.withheld !== true;
    const path = reseats ? null : new IcePath();
    if (sdp !== PLACEHOLDER_OFFER) path?.told(sdp);
    const leg = this.#userAgent.invite({
      target: { flow, contact },
      from: isNamed ? this.#identityOf(from) : { displayName: 'Anonymous', uri: ANONYMOUS_URI },
      to: this.#identityOf(to),
      sdp,
      fields: isNamed ? fields : [...fields, PRIVACY],
      label,
    });
    return {
      leg,
      party: to,
      binding: key,
      contact,
      inbound: null,
      service: null,
      path,
      call: null,
      stopWaiting: null,
    };
  }

  /** The seat of a phone that called: known by its binding, where it has one. */
  callerSeat(leg: InboundLeg, party: Party): Seat {
    const { flow, contact } = leg.target;
    const binding = this.#world.phones.bindings(party.terminal).find((phone) => phone.flow === flow);
    const path = binding?.reseats === true ? null : new IcePath();
    path?.heard(leg.sdp, true);
    return {
      leg,
      party,
      binding: binding?.key ?? '',
      contact: binding?.contact ?? contact,
      inbound: leg,
      service: null,
      path,
      call: null,
      stopWaiting: null,
    };
  }

  #identityOf(party: End): Identity {
    return { displayName: party.name, uri: this.#addressOf(party) };
  }

  #addressOf({ number }: Pick<End, 'number'>): string {
    return `sip:${number}@${this.#world.directory.organization.domain}`;
  }
}
