import type { Utterance, VoicemailEvent } from '@perch/shared';

/** Why nothing can be recorded. */
export type Obstacle = 'mailbox-full' | 'disk-full' | 'failed';

/** What ended a recording while its caller was there: `#`, or the recorder. */
export type RecordingEnd = 'hash' | 'silence' | 'longest';

/** The durable result of a recording. */
export type Settlement = 'kept' | 'too-short' | 'failed';

/** A caller's visit to an extension's mailbox, from the 200 to its last word. */
export type State =
  /** Answered, and not yet acknowledged. */
  | { readonly kind: 'answered' }
  /** Room and greeting are being looked up; `skip`: `#` was pressed already. */
  | { readonly kind: 'opening'; readonly skip: boolean }
  | { readonly kind: 'greeting' }
  /** The file is being begun. */
  | { readonly kind: 'beginning' }
  | { readonly kind: 'beeping' }
  | { readonly kind: 'recording' }
  | { readonly kind: 'saving'; readonly end: RecordingEnd }
  /** The last words are being spoken. */
  | { readonly kind: 'parting' }
  /** The caller is gone, but the file is still being begun, or the message saved. */
  | { readonly kind: 'leaving' }
  | { readonly kind: 'over' };

export type Event =
  /** The ACK came. */
  | { readonly kind: 'confirmed' }
  /** There is room; the greeting to play is the owner's own, or the spoken default. */
  | { readonly kind: 'opened'; readonly greeting: 'own' | 'default' }
  | { readonly kind: 'refused'; readonly obstacle: Obstacle }
  | { readonly kind: 'digit'; readonly digit: string }
  /** The last utterance has ended without being interrupted. */
  | { readonly kind: 'spoken' }
  /** The file is open. */
  | { readonly kind: 'begun' }
  /** The recording has ended by itself. */
  | { readonly kind: 'recorded'; readonly end: Exclude<RecordingEnd, 'hash'> }
  | { readonly kind: 'settled'; readonly settlement: Settlement }
  /** The caller hung up, or the call is lost. */
  | { readonly kind: 'gone' };

export type Effect =
  /** Look up room and greeting. */
  | { readonly kind: 'open' }
  /** Spoken and shown at once. */
  | { readonly kind: 'speak'; readonly utterance: Utterance }
  /** The owner's greeting, in the owner's voice. */
  | { readonly kind: 'greet' }
  | { readonly kind: 'interrupt' }
  /** Begin the file. */
  | { readonly kind: 'begin' }
  /** Record from now on. */
  | { readonly kind: 'record' }
  /** Stop recording, and keep the file if it is long enough to be a message. */
  | { readonly kind: 'finish' }
  /** Delete the file that was begun. */
  | { readonly kind: 'discard' }
  /** For the journal: the result of the visit. */
  | { readonly kind: 'outcome'; readonly outcome: Settlement | Obstacle }
  | { readonly kind: 'tell'; readonly event: VoicemailEvent }
  | { readonly kind: 'hang-up' };
