import type { VoicemailEvent } from '@perch/shared';
import type { CommonEffect, CommonEvent } from '../../dialogue.ts';

/** Why nothing can be recorded. */
export type Obstacle = 'mailbox-full' | 'disk-full' | 'failed';

/** What ended a recording while its caller was there: `#`, the recorder, or a disk that does not take any more. */
export type RecordingEnd = 'hash' | 'silence' | 'longest' | 'lost';

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

export type Event = CommonEvent | OwnEvent;

/** What happens in a visit beyond what every call hears. */
export type OwnEvent =
  /** There is room; the greeting to play is the owner's own, or the spoken default. */
  | { readonly kind: 'opened'; readonly greeting: 'own' | 'default' }
  | { readonly kind: 'refused'; readonly obstacle: Obstacle }
  /** The file is open. */
  | { readonly kind: 'begun' }
  /** The recording has ended by itself. */
  | { readonly kind: 'recorded'; readonly end: Exclude<RecordingEnd, 'hash'> }
  | { readonly kind: 'settled'; readonly settlement: Settlement };

export type Effect = CommonEffect<VoicemailEvent> | OwnEffect;

/** What a visit does beyond what every call does. */
export type OwnEffect =
  /** Look up room and greeting. */
  | { readonly kind: 'open' }
  /** The owner's greeting, in the owner's voice. */
  | { readonly kind: 'greet' }
  /** Begin the file. */
  | { readonly kind: 'begin' }
  /** Record from now on. */
  | { readonly kind: 'record' }
  /** Stop recording, and keep the file if it is long enough to be a message. */
  | { readonly kind: 'finish' }
  /** Delete the file that was begun. */
  | { readonly kind: 'discard' }
  /** For the journal: the result of the visit. */
  | { readonly kind: 'outcome'; readonly outcome: Settlement | Obstacle };
