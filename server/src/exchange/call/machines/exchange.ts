import type { CallId } from '@perch/shared';
import type { End, Party } from '../ports.ts';
import type { LegId } from './fork.ts';

/** Offer and answer between legs (RFC 3264): one exchange at a time in the whole call, any other offer is refused with 491. */
export type Exchange =
  | { readonly kind: 'idle' }
  /** A re-offer has been sent to the other side; `holds`: it would put that side on hold. */
  | { readonly kind: 'relaying'; readonly from: LegId; readonly holds: boolean }
  /** `source` was asked for an offer that will go to `sink` (RFC 3725 §4.4). */
  | { readonly kind: 'asking'; readonly source: LegId; readonly sink: LegId; readonly goal: Goal }
  /** The offer of `source` has been sent to `sink`. */
  | {
      readonly kind: 'offering';
      readonly source: LegId;
      readonly sink: LegId;
      readonly sdp: string;
      readonly goal: Goal;
      /** Of a move: the party of `source`. */
      readonly party?: Party | undefined;
    }
  /** The offer of `source` has been sent to the phone of `replaced` in a new session, `newcomer` (RFC 3891). */
  | {
      readonly kind: 're-seating';
      readonly source: LegId;
      readonly replaced: LegId;
      /** `null` until the phone has been called. */
      readonly newcomer: LegId | null;
      readonly sdp: string;
      readonly goal: ReseatGoal;
      /** Of a move: the party of `source`. */
      readonly party?: Party | undefined;
    }
  /** The new pair has agreed; `source` gets its answer once the pair is in storage, then those `retired` are hung up. */
  | {
      readonly kind: 'settling';
      readonly source: LegId;
      readonly sdp: string;
      readonly retired: readonly LegId[];
      readonly goal: Goal;
      /** The offer of `source` says that it takes itself to be on hold. */
      readonly onHold: boolean;
      /** The REFER that has succeeded: its leg is one of those retired, and is told first. */
      readonly refer: { readonly leg: LegId; readonly id: number } | null;
      /** Of a move: the leg that `source` replaces, and its party. */
      readonly before?: { readonly leg: LegId; readonly party: End };
    }
  /** The other side is away: the server itself answers the offer of `source`, which takes the place of another leg if it `moves`. */
  | {
      readonly kind: 'hosting';
      readonly source: LegId;
      readonly sdp: string;
      readonly moves: { readonly replaced: LegId; readonly party: Party } | null;
    }
  /** One leg is being joined into another call, which is told what the leg answers. */
  | { readonly kind: 'lent'; readonly leg: LegId; readonly to: CallId };

/** The purpose of joining two legs. */
export type Goal =
  /** `source` is the transferee, `sink` the target. */
  | 'transfer'
  /** `source` is the target, `sink` the transferee, which gets the offer in a new session, or where its phone refuses that in its old one. */
  | 're-seat'
  /** Two sides of the call, of which `source` has just come: `sink` gets the offer in a new session, or where its phone refuses that in its old one. */
  | 'meet'
  /** Like `re-seat`, but `source` has called with its offer, and gets its answer as a caller does. */
  | 'pick-up'
  /** `source` is a new leg of the party whose old leg it replaces: of the same phone (RFC 3891), or where the call is taken up. */
  | 'move'
  /** The phone that made the offer is gone while it is out: once that is answered, the two sides are joined again. */
  | 'abandoned'
  /** Two sides of the call, whose media were on the way to another leg. */
  | 'restored'
  /** Two sides that have been joined by an offer of `sink`, which was on hold until then and has to be told that it is not. */
  | 'resumed';

/**
 * The purpose of re-seating. `abandoned`: the one whose offer is out is gone, and the INVITE withdrawn; if it is answered all the same, the two
 * sides are joined again.
 */
export type ReseatGoal = Extract<Goal, 're-seat' | 'meet' | 'pick-up' | 'move' | 'abandoned'>;
