import type { Utterance, VoicemailEvent } from '@perch/shared';

/** Why nothing can be recorded. */
export type Obstacle = 'mailbox-full' | 'disk-full' | 'failed';

/** What ended a recording while its caller was there: `#`, or the recorder. */
export type RecordingEnd = 'hash' | 'silence' | 'longest';

/** What came of a recording, durably. */
export type Settlement = 'kept' | 'too-short' | 'failed';

/** A caller's visit to somebody's mailbox, from the 200 to its last word. */
export type State =
  /** Answered, and not yet acknowledged. */
  | { readonly kind: 'answered' }
  /** Room and greeting are being looked for; `skip`: `#` was pressed already. */
  | { readonly kind: 'opening'; readonly skip: boolean }
  | { readonly kind: 'greeting' }
  /** The file is being begun. */
  | { readonly kind: 'beginning' }
  | { readonly kind: 'beeping' }
  | { readonly kind: 'recording' }
  | { readonly kind: 'saving'; readonly end: RecordingEnd }
  /** The last words are being spoken. */
  | { readonly kind: 'parting' }
  /** The caller is gone, while the file is still being begun, or the message saved. */
  | { readonly kind: 'leaving' }
  | { readonly kind: 'over' };

export type Event =
  /** The ACK came. */
  | { readonly kind: 'confirmed' }
  /** There is room, and this is what is said first: the owner's greeting, or the spoken default. */
  | { readonly kind: 'opened'; readonly greeting: 'own' | 'default' }
  | { readonly kind: 'refused'; readonly obstacle: Obstacle }
  | { readonly kind: 'digit'; readonly digit: string }
  /** What was said last is over, and nothing interrupted it. */
  | { readonly kind: 'spoken' }
  /** The file is open. */
  | { readonly kind: 'begun' }
  /** The recording has ended itself. */
  | { readonly kind: 'recorded'; readonly end: Exclude<RecordingEnd, 'hash'> }
  | { readonly kind: 'settled'; readonly settlement: Settlement }
  /** The caller hung up, or the call is lost. */
  | { readonly kind: 'gone' };

export type Effect =
  /** Look for room and for the greeting. */
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
  /** Nothing more is recorded: keep it, if it is a message. */
  | { readonly kind: 'finish' }
  /** The file that was begun goes. */
  | { readonly kind: 'discard' }
  /** For the journal: what came of the visit. */
  | { readonly kind: 'outcome'; readonly outcome: Settlement | Obstacle }
  | { readonly kind: 'tell'; readonly event: VoicemailEvent }
  | { readonly kind: 'hang-up' };
