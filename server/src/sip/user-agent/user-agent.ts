import type { SipMessage } from '../message/message.ts';
import type { ServerTransaction } from '../transaction/transaction-layer.ts';
import type { Flow } from '../transport/flow.ts';
import type { DialogSnapshot, InboundLeg, Invitation, Leg, Target } from './leg.ts';

/** Whoever gives meaning to requests: the exchange. */
export interface UserAgentListener {
  /** An INVITE outside of any dialog, with an offer; 100 has gone out (RFC 3261 §8.2.6.1). */
  invited(leg: InboundLeg): void;
  /** Any other request outside of a dialog: REGISTER, OPTIONS, SUBSCRIBE, MESSAGE … Must be answered. */
  requested(transaction: ServerTransaction): void;
  /** May an in-dialog request that came over `flow` act on a dialog whose peer was last seen on `other`? */
  sameAccount(flow: Flow, other: Flow): boolean;
}

/** The SIP user agent of one organization: frames in, legs out. */
export interface UserAgent {
  /** A message of an authenticated flow. */
  receive(flow: Flow, message: SipMessage): void;
  /** The flow is gone: its transactions fail; confirmed legs stay, waiting for `rebind`. */
  flowClosed(flow: Flow): void;
  invite(invitation: Invitation): Leg;
  /** A confirmed leg, taken up again after a restart. Its target's flow may be closed until `rebind`. */
  restore(snapshot: DialogSnapshot, target: Target): Leg;
  /** Every leg that is not over. */
  legs(): Iterable<Leg>;
}
