import type { MailboxAccess, Party, RecordingId, Utterance, VoicemailEvent } from '@perch/shared';
import type { Asking, Verifying } from '../../code-entry.ts';
import type { Greeting, Message } from '../ports.ts';

/** The mailbox as it is when something happens in a visit to it. */
export interface MailboxSight {
  readonly owner: Party;
  /** As it was when the call began. */
  readonly access: MailboxAccess;
  readonly standing: Standing;
  /** Newest first, without the deleted ones. */
  readonly messages: readonly Message[];
}

/** May the visit go on? */
export type Standing =
  | 'open'
  /** Its extension speaks through another terminal now, or through none. */
  | 'left'
  /** Its extension was suspended or deleted, its PIN was replaced, or this phone may no longer be used. */
  | 'shut';

/**
 * A way through the messages that there were when they were counted out, newest first. It is a way through ids: one that
 * was deleted since is passed over, one that came since is left for the next visit.
 */
export interface Walk {
  readonly messages: readonly RecordingId[];
  /** Which of them it has come to; -1 before the first. */
  readonly at: number;
}

/** Where a greeting is in being recorded. `short` counts those in a row that were too short. */
export type Take =
  | { readonly kind: 'asked'; readonly short: number }
  | { readonly kind: 'recording'; readonly short: number }
  /** It is on its way to the disk. */
  | { readonly kind: 'keeping'; readonly short: number }
  | { readonly kind: 'listening'; readonly recorded: Greeting }
  | { readonly kind: 'menu'; readonly recorded: Greeting; readonly said: number }
  | { readonly kind: 'saving'; readonly recorded: Greeting };

/** A visit to one's own mailbox (`*97`), from the 200 to its last word. `said` counts how often a menu was said in a row. */
export type State =
  /** Answered, and not yet acknowledged; `typed` are keys pressed before their time. */
  | { readonly kind: 'answered'; readonly typed: string }
  /** The PIN is asked for, or verified. */
  | Asking
  | Verifying
  /** How many messages there are is being said. */
  | { readonly kind: 'summary'; readonly walk: Walk }
  /** Who called is being said. */
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

export type Event =
  /** The ACK came. */
  | { readonly kind: 'confirmed' }
  | { readonly kind: 'digit'; readonly digit: string }
  /** What was said or played last is over, and nothing interrupted it. */
  | { readonly kind: 'spoken' }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'verdict'; readonly right: boolean }
  /** The message that was to be played cannot be. */
  | { readonly kind: 'unplayable' }
  /** What was to be deleted or saved is so, durably. */
  | { readonly kind: 'done' }
  /** It is not, and nothing has changed. */
  | { readonly kind: 'failed' }
  /** The recording ended itself. */
  | { readonly kind: 'record-ended' }
  /** The recording is on the disk; too short for a greeting where there is none. */
  | { readonly kind: 'recorded'; readonly greeting: Greeting | undefined }
  /** What came of `call-back`: the caller's phone will call, it will not, or the number is no longer in use. */
  | { readonly kind: 'phone-asked'; readonly answer: 'accepted' | 'refused' | 'no-such-number' }
  /** Check whether the visit may go on. */
  | { readonly kind: 'standing-changed' }
  /** There is no recording, and will be none. */
  | { readonly kind: 'unrecordable' }
  /** The caller hung up, or the call is lost. */
  | { readonly kind: 'gone' };

export type Effect =
  /** Spoken and shown at once, in place of what was being said. */
  | { readonly kind: 'speak'; readonly utterance: Utterance }
  | { readonly kind: 'interrupt' }
  /** The one timer, in place of the one before. */
  | { readonly kind: 'start-timer'; readonly ms: number }
  | { readonly kind: 'stop-timer' }
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
  /** Whatever has been recorded and is in use by nobody goes. Harmless where there is nothing. */
  | { readonly kind: 'discard-recording' }
  /** What is being recorded, or was a moment ago, is put to use if it is a greeting; the dialogue does not wait for it. */
  | { readonly kind: 'keep-recording' }
  /** The caller's phone is to call this number. */
  | { readonly kind: 'call-back'; readonly number: string }
  /** For the journal: what came of the question whether the visitor may listen. */
  | { readonly kind: 'visited'; readonly outcome: 'opened' | 'wrong-pin' | 'no-pin' }
  | { readonly kind: 'tell'; readonly event: VoicemailEvent }
  /** `refused`: after wrong PINs. */
  | { readonly kind: 'hang-up'; readonly refused: boolean };

export type Step = readonly [State, readonly Effect[]];
export type In<Kind extends State['kind']> = Extract<State, { kind: Kind }>;

/** These effects, then a step. */
export function after(effects: readonly Effect[], [state, more]: Step): Step {
  return [state, [...effects, ...more]];
}
