import { type CallView, type Colleague, isWithheld, type Party, WITHHELD } from '@perch/shared';
import { m } from '../../../words/messages.svelte.ts';
import type { ActiveCall } from '../active-call.svelte.ts';

/** The other side of a call, as the server names it in its view of this call, else as the list of colleagues and the signalling do. */
export function shownParty(
  call: Pick<ActiveCall, 'number' | 'name' | 'isVoicemail' | 'isEcho' | 'waiting'>,
  view: CallView | undefined,
  colleagues: readonly Colleague[],
): Party {
  const { number } = call;
  if (call.isVoicemail) return { number, name: m.mailbox_call_voicemail() };
  if (call.isEcho) return { number, name: m.echo_call() };
  if (view !== undefined && view.conference !== null) return view.with;
  if (isWithheld(call)) return WITHHELD;
  if (view !== undefined && view.with.name !== '') return view.with;
  if (call.waiting !== null) return call.waiting;
  return { number, name: colleagues.find((one) => one.number === number)?.name ?? call.name };
}
