import type { DepositReason } from '@perch/shared';
import { m } from '../../words/messages.svelte.ts';

const WORDS: Readonly<Record<DepositReason, () => string>> = {
  'no-answer': m.voicemail_reason_no_answer,
  busy: m.voicemail_reason_busy,
  declined: m.voicemail_reason_declined,
  'do-not-disturb': m.voicemail_reason_do_not_disturb,
  'forward-loop': m.voicemail_reason_forward_loop,
  offline: m.voicemail_reason_offline,
  'base-offline': m.voicemail_reason_base_offline,
  homeless: m.voicemail_reason_homeless,
  'desk-in-use': m.voicemail_reason_desk_in_use,
};

/** Why a call became a message, worded for the callee. */
export const reasonWords = (reason: DepositReason): string => WORDS[reason]();
