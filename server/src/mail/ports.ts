import type { DepositReason, OrganizationId, Party, RecordingId } from '@perch/shared';
import type { Readable } from 'node:stream';

/** Mail about one message that is to be sent. */
export interface OutgoingMail {
  readonly organization: OrganizationId;
  readonly message: RecordingId;
  /** An address. */
  readonly to: string;
  /** The extension for which the message was left, as it is called now. */
  readonly mailbox: Party;
  readonly from: Party;
  /** When the recording began (milliseconds since 1970). */
  readonly at: number;
  readonly durationMs: number;
  readonly reason: DepositReason;
  /** How often it was tried in vain. */
  readonly attempts: number;
}

/**
 * Mail that waits to be sent, over restarts. What is done to it is durable when the call returns. Mail waits as long as its
 * message is deleted or its extension suspended, and is never sent to an address that is not the extension's any more.
 */
export interface Outbox {
  /** The mail that has been due for longest; `undefined` where none is. */
  due(now: number): OutgoingMail | undefined;
  /** It was tried in vain, and is due again then. */
  postpone(message: RecordingId, until: number): void;
  /** It was sent, or never will be. */
  forget(message: RecordingId): void;
  /** Forgets what has waited since before `instant`; how many that were. */
  forgetOlderThan(instant: number): number;
  readonly size: number;
}

/** The sound of a message, as the attachment of a mail about it; `undefined` where there is none any more. */
export type OpenAttachment = (mail: OutgoingMail) => Promise<Readable | undefined>;

/** What happens to mail, for logs and metrics. */
export interface MailJournal {
  sent(mail: OutgoingMail): void;
  /** It is tried again at `until`. */
  postponed(mail: OutgoingMail, error: unknown, until: number): void;
  /** The recipient's server will not have it: it is not tried again. */
  refused(mail: OutgoingMail, error: unknown): void;
  /** Mails that waited for too long. */
  expired(count: number): void;
  /** A mistake of ours. */
  failed(error: unknown): void;
}
