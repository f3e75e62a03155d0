import type { WebhookDelivery, WebhookEvent, WebhookOff } from '@perch/shared';
import { m } from '../../../words/messages.svelte.ts';

const EVENTS: Readonly<Record<WebhookEvent, () => string>> = {
  'call.ended': m.webhook_call_ended,
  'call.missed': m.webhook_call_missed,
  'voicemail.left': m.webhook_voicemail_left,
  'move.begun': m.webhook_move_begun,
  'move.ended': m.webhook_move_ended,
  'move.refused': m.webhook_move_refused,
};

/** `Missed calls`. */
export const eventInWords = (event: WebhookEvent): string => EVENTS[event]();

const OFF: Readonly<Record<WebhookOff, () => string>> = {
  'switched-off': m.webhook_off_by_hand,
  gone: m.webhook_off_gone,
  failing: m.webhook_off_failing,
  'too-many-waiting': m.webhook_off_waiting,
};

/** Why nothing is sent. */
export const offInWords = (why: WebhookOff): string => OFF[why]();

/** `200`, or why there was no answer. */
export function answerInWords({ status, answer }: WebhookDelivery): string {
  if (status === null) return answer ?? '';
  return answer === null || answer === '' ? String(status) : `${String(status)}: ${answer}`;
}
