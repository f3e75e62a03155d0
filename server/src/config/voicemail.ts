import type { VoicemailLimits } from '../exchange/voicemail/ports.ts';
import type { Variable } from './env.ts';
import { wholeNumber } from './whole-number.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** How much each mailbox holds. */
export function voicemailLimitsOf(given: (name: Variable) => string | undefined): VoicemailLimits {
  const days = given('PERCH_VOICEMAIL_DAYS');
  return {
    messages: wholeNumber(
      'PERCH_VOICEMAIL_MESSAGES',
      given('PERCH_VOICEMAIL_MESSAGES') ?? '100',
      'what a mailbox holds',
      { least: 1, most: 10_000 },
    ),
    totalMs:
      wholeNumber(
        'PERCH_VOICEMAIL_MINUTES',
        given('PERCH_VOICEMAIL_MINUTES') ?? '60',
        'what a mailbox holds',
        {
          least: 1,
          most: 10_000,
        },
      ) * MINUTE_MS,
    retentionMs:
      days === undefined
        ? null
        : wholeNumber('PERCH_VOICEMAIL_DAYS', days, 'how long messages are kept', { least: 1, most: 3_650 }) *
          DAY_MS,
  };
}
