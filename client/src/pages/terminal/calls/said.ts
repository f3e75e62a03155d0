import type { ActiveCall } from '../../../state/calls/active-call.svelte.ts';
import type { Phone } from '../../../state/phone.svelte.ts';
import { nameOf, transferSentence } from '../../../state/sentences.ts';
import { durationOf } from '../../../ui/moments.ts';
import { m } from '../../../words/messages.svelte.ts';

/** How long something that is pressed may still be meant for what was there before it rang (milliseconds). */
const UNMEANT_MS = 600;

/** Has it just begun to ring? Then what is pressed now was meant for what was in its place. */
export const hasJustCome = (phone: Phone, { startedAt }: ActiveCall): boolean =>
  phone.world.now() - startedAt < UNMEANT_MS;

/** The slot from which a ringing call is back. */
export const slotOf = (phone: Phone, call: ActiveCall): string | null =>
  phone.calls.viewOf(call)?.parked ?? null;

/** How a call is being sent on, or that it waits in a slot; `null` while neither is so. */
export function sentWord(phone: Phone, call: ActiveCall): string | null {
  const other = phone.partyOf(call);
  const transfer = phone.transfers.of(call);
  if (transfer !== undefined) return transferSentence(transfer.to, transfer.state, other);
  const slot = slotOf(phone, call);
  return slot === null ? null : m.parked_by({ who: nameOf(other), slot });
}

/** That the phone at the other end has lost its line; `null` while it has one. */
export const awayWord = (phone: Phone, call: ActiveCall): string | null =>
  phone.calls.viewOf(call)?.otherSide === 'reconnecting'
    ? m.call_other_reconnecting({ who: nameOf(phone.partyOf(call)) })
    : null;

export const mutedWord = ({ muted, speaksMuted }: ActiveCall): string | null =>
  muted ? (speaksMuted ? m.you_speak_muted() : m.you_are_muted()) : null;

/** What is to be said of a call beside the one that has the focus. */
export function besideWord(phone: Phone, call: ActiveCall): string {
  const { clock, transfers } = phone;
  const transfer = transfers.of(call);
  if (transfer !== undefined) return transferSentence(transfer.to, transfer.state, phone.partyOf(call));
  if (call.since === null) return call.state.kind === 'alerting' ? m.call_ringing() : m.call_connecting();
  const duration = durationOf(clock.now - (call.hold.since ?? clock.now));
  return transfers.asking?.caller === call ? m.transfer_asking({ duration }) : m.on_hold_for({ duration });
}

/** What answering does to the call that is under way. */
export const answerWord = ({ calls: { talking } }: Phone): string =>
  talking === null || talking.isWithServer ? m.end_and_answer() : m.hold_and_answer();

/** Putting this call on hold, or taking it back; `undefined` where neither can be done. */
export const holdControl = (
  phone: Phone,
  call: ActiveCall,
): { readonly on: boolean; readonly toggle: () => void } | undefined =>
  call.since === null || phone.transfers.of(call) !== undefined || phone.tie.why === 'emergency'
    ? undefined
    : { on: call.hold.here, toggle: () => phone.calls.toggleHold(call) };

/** What speaking in this call again is called; `null` where it cannot be done. */
export function resumeWord(phone: Phone, call: ActiveCall): string | null {
  const { transfers, tie, calls } = phone;
  if (transfers.of(call) !== undefined || tie.why === 'emergency') return null;
  return calls.talking !== null && !calls.talking.hold.here ? m.swap() : m.unhold();
}
