import { assertNever, type Consequence, type Party, type StayLimit } from '@perch/shared';
import { RequestError } from '../api/request.ts';
import { m } from '../words/messages.svelte.ts';
import type { Layer } from '../phone/page/layers.ts';
import type { Ending } from '../phone/calls/call.ts';
import { type PastCall, recentKindOf } from '../phone/calls/recent-kind.ts';
import type { MailboxDialogue } from '../phone/calls/mailbox-dialogue.ts';
import type { Destination, TransferState } from '../phone/calls/transfer.ts';
import type { Replacement } from './calls/audio/call-microphone.svelte.ts';
import type { DialogName } from './page/layers.svelte.ts';
import { nameOf } from '../ui/telephone/shown-number.ts';
import type { Notice } from './page/notices.svelte.ts';

export { nameOf };

/** Which microphone is in use from now on, and why. */
export function microphoneSentence(name: string, why: Replacement): string {
  switch (why) {
    case 'lost':
      return m.microphone_replaced({ name });
    case 'returned':
      return m.microphone_returned({ name });
    case 'chosen':
      return m.microphone_chosen({ name });
    case 'kept':
      return m.microphone_kept({ name });
    case 'allowed':
      return m.microphone_allowed({ name });
  }
}

/** What ends stays by itself, as it is called. */
export function limitInWords(limit: StayLimit): string {
  switch (limit) {
    case 'longest':
      return m.limit_longest();
    case 'time-of-day':
      return m.limit_time_of_day();
    case 'idle':
      return m.limit_idle();
  }
}

/** Why a call is over; `null` where there is no need to say so. */
function endingSentence(ending: Ending, other: Party): string | null {
  const who = nameOf(other);
  switch (ending) {
    case 'here':
      return null;
    case 'there':
      return m.ending_there({ who });
    case 'busy':
      return m.ending_busy({ who });
    case 'declined':
      return m.ending_declined({ who });
    case 'no-answer':
      return m.ending_no_answer({ who });
    case 'not-available':
      return m.ending_not_available({ who });
    case 'no-such-number':
      return /^[*#]/.test(other.number)
        ? m.ending_no_such_code({ code: other.number })
        : m.ending_no_such_number({ number: other.number });
    case 'not-allowed':
      return m.ending_not_allowed({ who });
    case 'elsewhere':
      return m.ending_elsewhere({ who });
    case 'moved':
      return null;
    case 'lost':
      return m.ending_lost({ who });
    case 'reloaded':
      return m.ending_reloaded({ who });
    case 'connection':
      return m.ending_connection({ who });
    case 'failed':
      return m.ending_failed({ who });
    default:
      return assertNever(ending);
  }
}

/** How a call with `who` is being sent on. */
export function transferSentence(to: Destination, state: TransferState, who: Party): string {
  if (to === 'slot') return m.parking({ who: nameOf(who) });
  const said = { sending: m.transfer_sending, ringing: m.transfer_ringing, forwarded: m.transfer_forwarded };
  return said[state]({ who: nameOf(who), to: nameOf(to) });
}

/**
 * Why a call with `who` was not sent on to `to`, who may have been asked and still be there; whether they are spoken to again, or still wait on
 * hold.
 */
export function transferFailure(
  ending: Ending,
  to: Destination,
  who: Party,
  { isBack, isThere }: { readonly isBack: boolean; readonly isThere: boolean },
): string {
  const after = isBack ? m.transfer_back : m.transfer_waits;
  return after({ why: whyNotSent(ending, to, who, isThere), who: nameOf(who) });
}

function whyNotSent(ending: Ending, to: Destination, who: Party, isThere: boolean): string {
  if (to === 'slot') return m.parking_failed({ who: nameOf(who) });
  if (isThere) return m.transfer_not_connected({ who: nameOf(who), to: nameOf(to) });
  return endingSentence(ending, to) ?? m.ending_failed({ who: nameOf(to) });
}

/** The sentence about a call that rang here and was not answered here; `null` where none is needed. */
function ringSentence(past: PastCall, other: Party): string | null {
  const who = nameOf(other);
  switch (past.ending) {
    case 'connection':
      return m.ring_lost({ who });
    case 'elsewhere':
      return m.ending_elsewhere({ who });
    case 'declined':
      return m.ring_declined_elsewhere({ who });
    default:
      return recentKindOf(past) === 'missed' ? m.missed_call_from({ who }) : null;
  }
}

/**
 * The notice when a call is over; `null` where none is needed. About a dialogue to a mailbox it never says more than the
 * server has.
 */
export function endingNotice(
  past: PastCall,
  other: Party,
  dialogue: MailboxDialogue | null,
): Pick<Notice, 'text' | 'tone'> | null {
  const { ending } = past;
  if (dialogue?.saved) return { text: m.mailbox_call_saved({ who: nameOf(dialogue.mailbox) }), tone: 'good' };
  if (dialogue !== null && dialogue.refusal !== null) return { text: dialogue.refusal, tone: 'bad' };
  // A mailbox that has said goodbye to its owner hangs up.
  if (dialogue?.service === 'retrieval' && ending === 'there') return null;
  const text =
    dialogue !== null && ending === 'there'
      ? m.mailbox_call_ended({ who: nameOf(dialogue.mailbox) })
      : past.direction === 'incoming' && !past.answered
        ? ringSentence(past, other)
        : endingSentence(ending, other);
  return text === null ? null : { text, tone: 'plain' };
}

/** What a change did to one extension, worded for the phone of `here`. */
export function consequenceSentence(consequence: Consequence, here: string): string {
  const who = nameOf(consequence.extension);
  switch (consequence.kind) {
    case 'moved':
      return consequence.base.number === here
        ? m.consequence_moved_here({ who })
        : m.consequence_moved({ who, base: nameOf(consequence.base) });
    case 'returned-home':
      return m.consequence_returned_home({ who });
    case 'homeless':
      return m.consequence_homeless({ who, guest: nameOf(consequence.guest) });
    case 'to-voicemail':
      return m.consequence_to_voicemail({ number: consequence.extension.number });
    case 'desk-free':
      return m.consequence_desk_free({ who });
    default:
      return assertNever(consequence);
  }
}

/** Why a dialog is no longer visible. */
export function gaveWaySentence(dialog: DialogName, to: Layer, waits: boolean): string {
  if (waits) return m.dialog_waits_draft();
  if (to !== 'ringing') return m.dialog_closed();
  return dialog === 'settings' ? m.settings_closed_ringing() : m.dialog_closed_ringing();
}

/** What a refused request means to the person who asked. */
export function refusalSentence(error: unknown): string {
  if (!(error instanceof RequestError)) throw error;
  return error.problem.detail === '' ? m.refusal_unreachable() : error.problem.detail;
}
