import type { Identity } from '../dialog/dialog.ts';
import type { DialogSnapshot } from '../dialog/dialog-snapshot.ts';
import type { HeaderField, SipRequest } from '../message/message.ts';
import type { ReferTo } from '../message/fields/refer-to.ts';
import type { Flow } from '../transport/flow.ts';

export type { DialogSnapshot, Identity };

/** Why something ended or failed, as a Reason header says it (RFC 3326). */
export interface Reason {
  /** `SIP` (a status) or `Q.850` (a cause). */
  readonly protocol: 'SIP' | 'Q.850';
  readonly cause: number;
  readonly text?: string;
}

/** Where a leg's requests go. Re-bound when the peer's flow is replaced by a new one (RFC 5626 §5.3). */
export interface Target {
  readonly flow: Flow;
  /** The Contact URI of the binding, sent as Request-URI and never resolved. */
  readonly contact: string;
}

/**
 * What one leg reports, in order, each in a microtask of its own: never while a command runs. Every leg has exactly one
 * last word, `failed` (outbound, no 2xx), `cancelled` (inbound, the caller gave up) or else `ended` (also after `reject`):
 * nothing follows, and no command does anything after. Offers and answers are SDP, opaque here (RFC 3264 is the call's
 * business).
 */
export type LegEvent =
  /** Outbound: a 1xx above 100. */
  | { readonly kind: 'progress'; readonly status: number; readonly sdp?: string }
  /** Outbound: a 2xx with its answer; the leg has sent the ACK. */
  | { readonly kind: 'answered'; readonly sdp: string; readonly contact: string }
  /** Outbound: no 2xx will come. `cause` is the status, 408 for silence, 503 for a dead flow, 487 after a cancel. */
  | { readonly kind: 'failed'; readonly status: number; readonly reason?: Reason }
  /** Inbound: the caller gave up before an answer; the leg has sent 487. */
  | { readonly kind: 'cancelled'; readonly reason?: Reason }
  /** Inbound: the ACK to our 2xx came. */
  | { readonly kind: 'acknowledged' }
  /** The peer re-offers; to be answered by `acceptOffer` or `refuseOffer`. */
  | { readonly kind: 'offered'; readonly sdp: string; readonly method: 'INVITE' | 'UPDATE' }
  /** Our re-offer was answered. */
  | { readonly kind: 'offer-answered'; readonly sdp: string }
  /** The peer's offer that `askOffer` asked for; to be answered by `acceptOffer`, whose answer goes into the ACK. */
  | { readonly kind: 'offer-made'; readonly sdp: string }
  /** Our re-offer was refused for good (491 was retried by the leg, RFC 3261 §14.1). The session stays as it was. */
  | { readonly kind: 'offer-refused'; readonly status: number }
  /** INFO (RFC 6086): the leg has answered 200. */
  | { readonly kind: 'info'; readonly contentType: string; readonly body: string }
  /** REFER (RFC 3515): to be answered by `acceptRefer` or `refuseRefer` with the same id. */
  | { readonly kind: 'refer'; readonly id: number; readonly referTo: ReferTo; readonly referredBy?: string }
  /** The dialog is over: a BYE either way, a lost peer, an unacknowledged 2xx, an expired session (RFC 4028). */
  | {
      readonly kind: 'ended';
      readonly by: 'peer' | 'us' | 'unacknowledged' | 'session-expired' | 'transport' | 'gone';
      readonly reason?: Reason;
    };

/** What is said last. */
export const LAST_WORDS: ReadonlySet<LegEvent['kind']> = new Set(['failed', 'cancelled', 'ended']);

/** One side of a call: an INVITE dialog as the call sees it, whichever way it was set up. */
export interface Leg {
  /** Unique in the process's life. */
  readonly id: string;
  readonly state: 'early' | 'confirmed' | 'over';
  readonly target: Target;
  /** That header field goes with each INVITE and UPDATE of ours, and with each 18x and 2xx to one of the peer's, from now on. */
  label(field: HeaderField): void;
  /** As `label`; a confirmed peer that takes UPDATE is told at once. */
  relabel(field: HeaderField): void;
  /** The one listener; set before the next event-loop turn. */
  listen(listener: (event: LegEvent) => void): void;
  /**
   * Confirmed: re-INVITE with a new offer. One at a time; a second waits its turn, and while the flow is dead all wait
   * for `rebind`.
   */
  offer(sdp: string): void;
  /**
   * Confirmed: re-INVITE without SDP (RFC 3264 §5, RFC 3725 §4.4): `offer-made` or `offer-refused` follows. Waits its turn
   * like `offer`. `end` before `acceptOffer` sends the ACK without an answer, then BYE. `again`: it may be of the session that there is.
   */
  askOffer(again?: boolean): void;
  acceptOffer(sdp: string): void;
  refuseOffer(status: number, fields?: readonly HeaderField[]): void;
  /** Confirmed: INFO; its outcome does not matter to the call. */
  info(contentType: string, body: string): void;
  /**
   * Confirmed: REFER (RFC 3515): asks the peer to call `uri` itself. `answered` is called once, later, with the final status: 408
   * for silence, 503 for a dead flow. How the call fares is the peer's business; its NOTIFYs are answered.
   */
  refer(uri: string, answered: (status: number) => void): void;
  /** 202 and at once the first NOTIFY, 100 (RFC 3515 §2.4.4). */
  acceptRefer(id: number): void;
  refuseRefer(id: number, status: number): void;
  /**
   * A sipfrag about an accepted REFER's progress (RFC 3515 §2.4.4); a final status ends the subscription. `text` is its phrase, in
   * place of the status's own.
   */
  referProgress(id: number, status: number, text?: string): void;
  /**
   * Ends the leg in the way that its state asks for: CANCEL (`failed` follows once that went through), a refusal (480),
   * BYE (`ended` follows at once). Twice is harmless.
   */
  end(reason?: Reason): void;
  /** Outbound, not answered: CANCEL, but an answer that crosses it is taken: `answered` or `failed` follows. */
  withdraw(reason?: Reason): void;
  /** The peer came back on another flow. */
  rebind(target: Target): void;
  /** An inbound leg knows its dialog from its INVITE on, so that it can be stored before the 200; an outbound one once confirmed. */
  snapshot(): DialogSnapshot | undefined;
  /** Matches a Replaces header (RFC 3891), tags in either order (JsSIP swaps them on an incoming leg). */
  isDialog(callId: string, tagA: string, tagB: string): boolean;
}

export interface InboundLeg extends Leg {
  readonly request: SipRequest;
  /** The caller's offer; an INVITE without one has been refused with 488 before anyone saw it. */
  readonly sdp: string;
  /** 180 or 183; with SDP as early media. */
  progress(status: number, sdp?: string): void;
  /** 200 with our answer, retransmitted until the ACK. */
  answer(sdp: string, fields?: readonly HeaderField[]): void;
  reject(
    status: number,
    options?: { readonly reason?: Reason; readonly fields?: readonly HeaderField[] },
  ): void;
}

export interface Invitation {
  readonly target: Target;
  /** From: who is shown as calling. */
  readonly from: Identity;
  /** To: which extension is called; the page shows "for whom". */
  readonly to: Identity;
  readonly sdp: string;
  /** Of this INVITE alone. */
  readonly fields?: readonly HeaderField[];
  /** As `Leg.label` sets it. */
  readonly label?: HeaderField;
}
