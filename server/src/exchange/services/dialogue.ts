import type { Utterance } from '@perch/shared';

/** What every dialogue hears. */
export type CommonEvent =
  /** What is said from now on is heard: the ACK came, or the caller listens to early media. */
  | { readonly kind: 'confirmed' }
  | { readonly kind: 'digit'; readonly digit: string }
  /** The last utterance or recording has ended without being interrupted. */
  | { readonly kind: 'spoken' }
  | { readonly kind: 'timeout' }
  /** The account of the caller's phone may no longer be used. */
  | { readonly kind: 'barred' }
  /** The caller hung up, or the call is lost. Told once, also after `hang-up`. */
  | { readonly kind: 'gone' };

/** What every dialogue can do. `Told` is what it tells the caller's page. */
export type CommonEffect<Told> =
  /** Spoken and shown at once, in place of what was being said. */
  | { readonly kind: 'speak'; readonly utterance: Utterance }
  | { readonly kind: 'interrupt' }
  /** Starts the call's only timer anew (milliseconds). */
  | { readonly kind: 'start-timer'; readonly ms: number }
  | { readonly kind: 'stop-timer' }
  | { readonly kind: 'tell'; readonly event: Told }
  | HangUp;

/** Ends the call. `refused`: why the caller was turned away, for the phone's log; normal clearing without it. */
export interface HangUp {
  readonly kind: 'hang-up';
  readonly refused?: string;
}

/**
 * What a service says and does in a call, PURE. `Sight` is what it sees of the world when an event happens. In the state
 * `over` nothing is said or shown any more; effects of the service's own may still clean up.
 */
export interface Dialogue<State extends { readonly kind: string }, Event, Effect, Sight> {
  readonly initial: State;
  readonly step: (state: State, event: Event, sight: Sight) => readonly [State, readonly Effect[]];
}
