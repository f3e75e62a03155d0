import type { DepositReason } from '@perch/shared';
import type { PinGuesses } from '../../../network/machines/pin-guesses.ts';
import type { Flag, Instant, Json } from '../columns.ts';

/** Mailboxes with their messages, and the mail about these. */
export interface VoicemailTables {
  /** What a mailbox has besides its messages; no row where there is nothing. */
  voicemail_mailboxes: {
    extension_id: string;
    organization_id: string;
    /** The three of a greeting, all or none. */
    greeting_id: string | null;
    greeting_duration_ms: number | null;
    greeting_at: Instant | null;
    pin_guesses: Json<PinGuesses>;
  };
  voicemail_messages: {
    /** Also the name of its recording. */
    id: string;
    organization_id: string;
    extension_id: string;
    from_number: string;
    from_name: string;
    at: Instant;
    duration_ms: number;
    reason: DepositReason;
    heard: Flag;
    deleted_at: Instant | null;
  };
  /** Mail about messages that is not sent yet. */
  mail_outbox: {
    message_id: string;
    recipient: string;
    attempts: number;
    next_attempt_at: Instant;
    created_at: Instant;
  };
}
