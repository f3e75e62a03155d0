import type { CenterEvent, CenterOutcome, Consequence } from '@perch/shared';
import type { Asking, Attempt, Verifying } from '../code-entry.ts';
import type { CommonEffect, CommonEvent } from '../dialogue.ts';

/** The desk's answer to a request or a code. */
export type Verdict =
  | { readonly kind: 'code-needed' | 'wrong-code' }
  /** There is an emergency call on the terminal; another verdict follows. */
  | { readonly kind: 'waiting' }
  | FinalVerdict;

/** A verdict that ends the visit, once it has been spoken. */
export type FinalVerdict =
  | ({ readonly kind: 'accepted' | 'already-here' | 'claimed' } & Changed)
  | ({ readonly kind: 'returned'; readonly to: 'this-phone' | 'own-phone' | 'nowhere' } & Changed)
  | { readonly kind: 'nothing-to-return' | 'not-allowed' }
  /** The desk failed, and nothing has changed. */
  | { readonly kind: 'failed' };

interface Changed {
  /** The extension that it is about. */
  readonly number: string;
  readonly consequences: readonly Consequence[];
}

/** A visit to the Virtualization Center, from the 200 to its last word. `typed` are keys pressed before they were asked for. */
export type State =
  /** Answered, and not yet acknowledged. */
  | { readonly kind: 'answered'; readonly typed: string }
  /** The desk is being asked; its answer decides what is said first. */
  | { readonly kind: 'opening'; readonly typed: string }
  /** The code is asked for, or verified. */
  | Asking
  | Verifying
  /** For an emergency call to end. */
  | ({ readonly kind: 'waiting' } & Attempt)
  /** The last words are being spoken. */
  | { readonly kind: 'parting'; readonly outcome: CenterOutcome }
  | { readonly kind: 'over' };

export type Event = CommonEvent | OwnEvent;

/** What happens in a visit beyond what every call hears. */
export interface OwnEvent {
  readonly kind: 'verdict';
  readonly verdict: Verdict;
}

export type Effect = CommonEffect<CenterEvent> | OwnEffect;

/** What a visit does beyond what every call does. */
export type OwnEffect =
  /** Make the dialled request to the desk, without a code. */
  | { readonly kind: 'request' }
  | { readonly kind: 'verify'; readonly code: string }
  /** Take back the request that waits for an emergency call. */
  | { readonly kind: 'withdraw' }
  /** To be recorded: the visit ended and moved nothing. */
  | { readonly kind: 'dropped' };
