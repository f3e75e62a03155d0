import type { MailboxAccess, Party, RecordingId, VoicemailEvent } from '@perch/shared';
import type { Asking, Verifying } from '../../code-entry.ts';
import type { CommonEffect, CommonEvent } from '../../dialogue.ts';
import type { Greeting, Message } from '../../../voicemail/ports.ts';

/** The state of the mailbox when an event happens in a visit to it. */
export interface MailboxSight {
  readonly owner: Party;
  /** Decided when the call began. */
  readonly access: MailboxAccess;
  readonly standing: Standing;
  /** Newest first, without the deleted ones. */
  readonly messages: readonly Message[];
}

/** May the visit go on? */
export type Standing =
  | 'open'
  /** Its extension now speaks through another terminal, or through none. */
  | 'left'
  /** Its extension was suspended or deleted, its PIN was replaced, or this phone may no longer be used. */
  | 'shut';

/**
 * A position in the list of messages that was announced, newest first. The list is of ids: a message that was deleted
 * since is skipped, one that came since is left for the next visit.
 */
export interface Walk {
  readonly messages: readonly RecordingId[];
  /** The index of the current message; -1 before the first. */
  readonly at: number;
}

/** How far the recording of a greeting has come. `short` counts those in a row that were too short. */
export type Take =
  | { readonly kind: 'asked'; readonly short: number }
  | { readonly kind: 'recording'; readonly short: number }
  /** It is being written to the disk. */
  | { readonly kind: 'keeping'; readonly short: number }
  | { readonly kind: 'listening'; readonly recorded: Greeting }
  | { readonly kind: 'menu'; readonly recorded: Greeting; readonly said: number }
  | { readonly kind: 'saving'; readonly recorded: Greeting };

/** A visit of an extension to its own mailbox (`*97`), from the 200 to its last word. `said` counts how often a menu was said in a row. */
export type State =
  /** Answered, and not yet acknowledged; `typed` are keys pressed before they were asked for. */
  | { readonly kind: 'answered'; readonly typed: string }
  /** The PIN is asked for, or verified. */
  | Asking
  | Verifying
  /** The number of messages is being said. */
  | { readonly kind: 'summary'; readonly walk: Walk }
  /** The envelope (who called, and when) is being said. */
  | { readonly kind: 'announced'; readonly walk: Walk; readonly message: Message }
  | { readonly kind: 'playing'; readonly walk: Walk; readonly message: Message }
  | { readonly kind: 'menu'; readonly walk: Walk; readonly message: Message; readonly said: number }
  | { readonly kind: 'deleting'; readonly walk: Walk; readonly message: Message }
  /** After the last message, or where there is none. */
  | { readonly kind: 'end'; readonly walk: Walk; readonly said: number }
  | { readonly kind: 'greeting'; readonly walk: Walk; readonly take: Take }
  /** The caller's phone has been asked to call the sender of the message. */
  | { readonly kind: 'asking-phone'; readonly walk: Walk; readonly message: Message }
  /** The phone has accepted. */
  | { readonly kind: 'calling-back' }
  /** The last words are being spoken. */
  | { readonly kind: 'parting'; readonly refused: boolean }
  | { readonly kind: 'over' };

export type Event = CommonEvent | OwnEvent;

/** What happens in a visit beyond what every call hears. */
export type OwnEvent =
  | { readonly kind: 'verdict'; readonly right: boolean }
  /** The message cannot be played. */
  | { readonly kind: 'unplayable' }
  /** The deletion or the new greeting is durable. */
  | { readonly kind: 'done' }
  /** The deletion or the new greeting failed, and nothing has changed. */
  | { readonly kind: 'failed' }
  /** The recording ended by itself. */
  | { readonly kind: 'record-ended' }
  /** The recording is on the disk; too short for a greeting where there is none. */
  | { readonly kind: 'recorded'; readonly greeting: Greeting | undefined }
  /** The result of `call-back`: the caller's phone will call, it will not, or the number is no longer in use. */
  | { readonly kind: 'phone-asked'; readonly answer: 'accepted' | 'refused' | 'no-such-number' }
  /** Check whether the visit may go on. */
  | { readonly kind: 'standing-changed' }
  /** Nothing can be recorded. */
  | { readonly kind: 'unrecordable' };

export type Effect = CommonEffect<VoicemailEvent> | OwnEffect;

/** What a visit does beyond what every call does. */
export type OwnEffect =
  | { readonly kind: 'verify'; readonly code: string }
  /** This message is about to be played. */
  | { readonly kind: 'prepare'; readonly message: Message }
  | { readonly kind: 'play'; readonly message: Message; readonly position: number; readonly of: number }
  | { readonly kind: 'mark-heard'; readonly message: Message }
  | { readonly kind: 'delete'; readonly message: Message }
  /** A greeting is about to be recorded. */
  | { readonly kind: 'prepare-recording' }
  | { readonly kind: 'record' }
  | { readonly kind: 'stop-recording' }
  | { readonly kind: 'play-greeting'; readonly greeting: Greeting }
  | { readonly kind: 'use-greeting'; readonly greeting: Greeting }
  /** Delete a recording that is not in use. Harmless where there is none. */
  | { readonly kind: 'discard-recording' }
  /** Put the current or last recording to use if it is long enough; the dialogue does not wait for it. */
  | { readonly kind: 'keep-recording' }
  /** The caller's phone is to call this number. */
  | { readonly kind: 'call-back'; readonly number: string }
  /** For the journal: whether the visitor was allowed to listen. */
  | { readonly kind: 'visited'; readonly outcome: 'opened' | 'wrong-pin' | 'no-pin' };

export type Step = readonly [State, readonly Effect[]];
export type In<Kind extends State['kind']> = Extract<State, { kind: Kind }>;

/** These effects, then a step. */
export function after(effects: readonly Effect[], [state, more]: Step): Step {
  return [state, [...effects, ...more]];
}
