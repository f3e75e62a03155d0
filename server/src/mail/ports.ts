import type { DepositReason, Language, OrganizationId, Party, RecordingId } from '@perch/shared';
import type { Readable } from 'node:stream';

/** A mail about one message, still to be sent. */
export interface OutgoingMail {
  readonly organization: OrganizationId;
  readonly message: RecordingId;
  /** An address. */
  readonly to: string;
  /** The extension for which the message was left, with its current name. */
  readonly mailbox: Party;
  readonly from: Party;
  /** Of the recipient: that of the extension, or else of its organization. */
  readonly language: Language;
  /** When the recording began (milliseconds since 1970). */
  readonly at: number;
  readonly durationMs: number;
  readonly reason: DepositReason;
  /** How many attempts have failed. */
  readonly attempts: number;
}

/**
 * Mail that waits to be sent, over restarts. Changes are durable when their promise resolves. Mail waits while its
 * message is deleted or its extension suspended, and is never sent to an address that is not the extension's any more.
 */
export interface Outbox {
  /** The mail that has been due for longest; `undefined` where none is. */
  due(now: number): Promise<OutgoingMail | undefined>;
  /** It failed, and is due again at that time. */
  postpone(message: RecordingId, until: number): Promise<void>;
  /** It was sent, or never will be. */
  forget(message: RecordingId): Promise<void>;
  /** Forgets mail that has waited since before `instant`; the answer is how many. */
  forgetOlderThan(instant: number): Promise<number>;
  size(): Promise<number>;
}

/** The sound of a message, as the attachment of a mail about it; `undefined` where it no longer exists. */
export type OpenAttachment = (mail: OutgoingMail) => Promise<Readable | undefined>;

/** What happens to mail, for logs and metrics. */
export interface MailJournal {
  sent(mail: OutgoingMail): void;
  /** It is tried again at `until`. */
  postponed(mail: OutgoingMail, error: unknown, until: number): void;
  /** The recipient's server refused it for good: it is not tried again. */
  refused(mail: OutgoingMail, error: unknown): void;
  /** Mails that waited for too long. */
  expired(count: number): void;
  /** A bug of ours. */
  failed(error: unknown): void;
}
