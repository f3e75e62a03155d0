import type { CallAttempt, CallId, TerminalId } from '@perch/shared';
import type { LegEvent, Reason } from '../../../sip/user-agent/leg.ts';
import type { Ending, Failure } from '../outcome.ts';
import type { End, Party, ServiceParty } from '../ports.ts';
import type { Exchange } from './exchange.ts';
import type { Fork, LegId } from './fork.ts';

/** The two ends of a call. Both sides keep their names when they talk: a transfer puts another party on one of them. */
export interface Parties<Each extends End = End> {
  readonly caller: Each;
  readonly callee: Each;
}

/** A call between two legs, from the caller's INVITE to the last BYE: who is on it, by which legs, and what they are doing. */
export type State = Ringing | Answering | Talking | Over;

export interface Ringing {
  readonly kind: 'ringing';
  readonly parties: Parties<Party>;
  readonly caller: LegId;
  readonly fork: Fork;
  /** Another terminal whose phones are woken for it: it rings there instead where one of them is the first to be there. */
  readonly wokenAt?: TerminalId | undefined;
  /** When it goes on to another extension; absent where it never does. */
  readonly onward?: Onward | undefined;
  /** Why the extension that rang last was not reached, while another one is looked for. */
  readonly seeking?: Failure | undefined;
}

/** After which failures a call goes on to another extension; `ms`: how long its phones ring before that (milliseconds). */
export interface Onward {
  readonly failures: readonly Failure[];
  readonly ms?: number;
}

/** A phone has answered; the caller's 200 waits until both dialogs are in storage. */
export interface Answering {
  readonly kind: 'answering';
  readonly parties: Parties<Party>;
  readonly caller: LegId;
  readonly callee: LegId;
  readonly sdp: string;
}

export interface Talking {
  readonly kind: 'talking';
  readonly parties: Parties;
  readonly caller: LegId;
  readonly callee: LegId;
  /** The sides that have put the other one on hold (RFC 3264 §8.4). */
  readonly held: readonly LegId[];
  readonly exchange: Exchange;
  readonly transfer: Transfer | null;
  /** Legs whose phones have lost their line, and are expected back. */
  readonly away: readonly LegId[];
  /** Those of them whose pages were loaded anew: these sessions answer nothing any more, and the call is taken up by others. */
  readonly reloaded: readonly LegId[];
  /** The two sides have no sound of each other, as one of them was away when the other came: they are joined once both are there. */
  readonly apart: boolean;
  /** The side that hung up while another leg was about to take its place. */
  readonly left: LegId | null;
}

export interface Over {
  readonly kind: 'over';
  readonly parties: Parties;
}

/** A REFER under way (RFC 3515), executed by us. */
export interface Transfer {
  /** The referrer's leg. */
  readonly by: LegId;
  /** The REFER that asked for it; `null` where a page did. */
  readonly refer: number | null;
  readonly invited: Invited;
  /** The target makes the offer: the transferee's phone takes a new session in place of its old one, is on hold for a person, or takes an offer only. */
  readonly asksTarget: boolean;
  readonly onward?: Onward | undefined;
  readonly target:
    | { readonly kind: 'ringing'; readonly fork: Fork }
    /** It will not answer: the transferee is to be joined with its mailbox, if it has one. */
    | { readonly kind: 'diverting'; readonly failure: Failure }
    /** It has answered, or is lent by another call; it is joined when no exchange is under way. */
    | { readonly kind: 'answered'; readonly leg: LegId; readonly lender: CallId | null };
}

/** What a lent leg that is given back is in the middle of: it has to answer an offer, or make one, or has made one that waits for its answer. */
export type Pending = 'nothing' | 'answer' | 'offer' | { readonly sdp: string };

/** Who is to take the place of the side that asked for the transfer. */
export interface Invited {
  readonly party: End;
  readonly by: keyof Parties;
}

/** What a leg reports, except REFER, whose meaning has to be looked up first. */
export type Said = Exclude<LegEvent, { readonly kind: 'refer' }>;

export interface SeatMove {
  readonly kind: 'seat-move';
  readonly newcomer: LegId;
  readonly replaced: LegId;
  readonly sdp: string;
  readonly party: Party;
  /** The phone of the other side takes a new session in place of its old one. */
  readonly reseats: boolean;
}

/** What was found for a call that was not answered where it rang. */
export interface Forwarded {
  readonly kind: 'forwarded';
  /** The number to which it went on from there; `null` where it did not. */
  readonly number: string | null;
  /** Extensions by way of which it went on, as a record says it. */
  readonly hops: readonly CallAttempt[];
  /** The phones that have been called; the reason where there are none. */
  readonly to:
    | {
        readonly party: Party;
        readonly branches: readonly LegId[];
        readonly onward: Onward | undefined;
      }
    | Failure;
}

export type Event =
  | { readonly kind: 'said'; readonly leg: LegId; readonly event: Said }
  | { readonly kind: 'no-answer' }
  /** The dialogs are in storage, or could not be stored: the call goes on. */
  | { readonly kind: 'saved' }
  /** The ringing extension has moved to another terminal, whose phones have been called. */
  | { readonly kind: 'extension-moved'; readonly party: Party; readonly branches: readonly LegId[] }
  /** Where the call, or the transfer of it, goes on, which may be nowhere. */
  | Forwarded
  /** The ringing extension can no longer be rung anywhere. */
  | { readonly kind: 'extension-gone'; readonly failure: Failure }
  /** A phone appeared where it rings, and was called; `instead` is its leg on its previous flow. */
  | { readonly kind: 'phone-appeared'; readonly branch: LegId; readonly instead: LegId | null }
  /** The phone of that branch is asleep: nobody hears it ring. */
  | { readonly kind: 'phone-asleep'; readonly branch: LegId }
  /** The peer of that leg will not come back, though its dialog is still there; `transferred`: it has sent another call where this one rings. */
  | { readonly kind: 'peer-gone'; readonly leg: LegId; readonly why: 'lost' | 'reloaded' | 'transferred' }
  /** The phone of that leg has lost its line: it may come back as it was, or its page loaded anew. */
  | { readonly kind: 'line-lost' | 'reloaded' | 'line-back'; readonly leg: LegId }
  /** The server's answer to the offer of that leg; `null` where it has none. */
  | { readonly kind: 'hosted'; readonly leg: LegId; readonly answer: string | null }
  /** A REFER, allowed and routed: the target's phones have been called. */
  | {
      readonly kind: 'refer';
      readonly by: LegId;
      readonly id: number | null;
      readonly party: Party;
      readonly branches: readonly LegId[];
      readonly onward?: Onward | undefined;
      /** Extensions by way of which it has come there, as a record says it. */
      readonly hops?: readonly CallAttempt[];
      /** The transferee's phone takes a new session in place of its old one, or an offer only. */
      readonly reseats: boolean;
    }
  /** The side that asked for the transfer wants the other one back, while the target rings. */
  | { readonly kind: 'take-back' }
  /** The same to a leg that has answered: `lent` by another call, or a service's. Without `id` where a page asks for it. */
  | {
      readonly kind: 'join';
      readonly by: LegId;
      readonly id: number | null;
      readonly party: End;
      readonly leg: LegId;
      readonly lender: CallId | null;
      readonly reseats: boolean;
    }
  /** The mailbox of the target, as the call is to be diverted there; `null` where it has none for this call. */
  | {
      readonly kind: 'diverted';
      readonly to: { readonly leg: LegId; readonly party: ServiceParty } | null;
    }
  /** `leg` takes the place of the side other than `stays`, which has been taken into another call: these two are to meet. */
  | {
      readonly kind: 'divide';
      readonly stays: LegId;
      /** The call in which the other side goes on. */
      readonly to: CallId;
      readonly party: End;
      readonly leg: LegId;
      /** The phone that stays takes a new session in place of its old one, or an offer only. */
      readonly takesOffer: boolean;
    }
  /** `newcomer`, who has called with that offer, is to take the place of `replaced`. */
  | {
      readonly kind: 'pick-up';
      readonly newcomer: LegId;
      readonly replaced: LegId;
      readonly party: Party;
      readonly sdp: string;
    }
  /** `newcomer` wants the place of `replaced`, for the same party, which may be at another terminal. */
  | SeatMove
  /** The phone that was to be re-seated has been called; `null` where it cannot be reached. */
  | { readonly kind: 're-seat-called'; readonly newcomer: LegId | null }
  /** Another call wants to join `leg`; it will be `taken` or `given-back`. */
  | { readonly kind: 'lent'; readonly leg: LegId; readonly to: CallId }
  | { readonly kind: 'taken' }
  | { readonly kind: 'given-back'; readonly pending: Pending };

export type Effect =
  /** 180 to the caller. Callee SDP never goes into a 18x: JsSIP would take it for the answer. */
  | { readonly kind: 'ring'; readonly leg: LegId }
  /** There will be no call: the caller is told why. */
  | {
      readonly kind: 'refuse';
      readonly leg: LegId;
      readonly failure: Failure;
      readonly parties: Parties<Party>;
    }
  | { readonly kind: 'answer'; readonly leg: LegId; readonly sdp: string }
  | { readonly kind: 'reject'; readonly leg: LegId; readonly failure: Failure }
  | { readonly kind: 'end'; readonly leg: LegId; readonly reason: Reason | undefined }
  /** Cancel the INVITE of `leg`, and take an answer that comes all the same. */
  | { readonly kind: 'withdraw'; readonly leg: LegId; readonly reason: Reason }
  | { readonly kind: 'offer' | 'accept-offer'; readonly leg: LegId; readonly sdp: string }
  /** `again`: of the session that it has. */
  | { readonly kind: 'ask-offer'; readonly leg: LegId; readonly again?: true }
  /** Call the phone of `leg` for a session in place of it, and say `re-seat-called` before anything else; `no-answer` if it takes too long. */
  | { readonly kind: 're-seat'; readonly leg: LegId; readonly from: End; readonly sdp: string }
  /** Find the mailbox of that party for the other one, and say `diverted` before anything else. */
  | {
      readonly kind: 'divert';
      readonly target: Party;
      readonly transferee: Party;
      readonly failure: Failure;
    }
  | { readonly kind: 'refuse-offer'; readonly leg: LegId; readonly status: number }
  /** Answer the offer of that leg in the other side's place, with silence, and say `hosted`. */
  | { readonly kind: 'host'; readonly leg: LegId; readonly sdp: string }
  | { readonly kind: 'info'; readonly leg: LegId; readonly contentType: string; readonly body: string }
  | { readonly kind: 'accept-refer'; readonly leg: LegId; readonly id: number }
  /** `text`: what it says in place of the status's own phrase. */
  | {
      readonly kind: 'refer-progress';
      readonly leg: LegId;
      readonly id: number;
      readonly status: number;
      readonly text?: string | undefined;
    }
  /** `ms`: how long its phones ring, where the extension has said so (milliseconds). */
  | { readonly kind: 'start-no-answer'; readonly ms?: number | undefined }
  | { readonly kind: 'stop-no-answer' }
  /** Find where the call goes on after that failure, and say `forwarded` before anything else. */
  | { readonly kind: 'forward'; readonly callee: Party; readonly failure: Failure }
  /** These two talk from now on. */
  | { readonly kind: 'begin' }
  /** Store the call as it is now, then say `saved`. */
  | { readonly kind: 'save' }
  /** Store it as well, though nothing waits for that. */
  | { readonly kind: 'keep' }
  /** What a lent leg says concerns the call that borrows it. */
  | { readonly kind: 'pass-on'; readonly call: CallId; readonly leg: LegId; readonly event: Said }
  /** The lent leg is part of this call from now on. */
  | { readonly kind: 'take'; readonly leg: LegId; readonly lender: CallId }
  /** It belongs to its own call again. */
  | { readonly kind: 'give-back'; readonly leg: LegId; readonly lender: CallId; readonly pending: Pending }
  /** The call is over. */
  | { readonly kind: 'finish'; readonly outcome: Ending };

export type Step = readonly [State, readonly Effect[]];

export const IDLE: Exchange = { kind: 'idle' };
/** As most calls are at any time: no side has the other one on hold, and both are there. */
const NO_LEGS: readonly LegId[] = [];
export const over = ({ parties }: State): Over => ({ kind: 'over', parties });

/** Two legs that talk. */
export const talking = (parties: Parties, caller: LegId, callee: LegId): Talking => ({
  kind: 'talking',
  parties,
  caller,
  callee,
  held: NO_LEGS,
  exchange: IDLE,
  transfer: null,
  away: NO_LEGS,
  reloaded: NO_LEGS,
  apart: false,
  left: null,
});
