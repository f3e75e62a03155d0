import type { DepositReason, ExtensionId, RecordingId } from '@perch/shared';

/** A message that somebody left. Its sound is the recording of the same id. */
export interface Message {
  readonly id: RecordingId;
  readonly extension: ExtensionId;
  /** Who called, as they were called then. */
  readonly from: { readonly number: string; readonly name: string };
  /** When the recording began (milliseconds since 1970). */
  readonly at: number;
  readonly durationMs: number;
  readonly reason: DepositReason;
  readonly heard: boolean;
  /** Deleted, and not yet beyond restoring; `null` otherwise. */
  readonly deletedAt: number | null;
}

/** What the owner of a mailbox says to callers, instead of the spoken default. */
export interface Greeting {
  readonly id: RecordingId;
  readonly durationMs: number;
  readonly at: number;
}

/** What there is of a mailbox besides its messages. Without a greeting and wrong PINs it has no row. */
export interface StoredMailbox {
  readonly extension: ExtensionId;
  readonly greeting: Greeting | null;
  /** When PINs were wrong lately: against guessing, over restarts (milliseconds since 1970). */
  readonly wrongPins: readonly number[];
}

/** The mailboxes of one organization. Each promise resolves once its change would survive a power cut. */
export interface MailboxStore {
  load(): Promise<{ readonly messages: readonly Message[]; readonly mailboxes: readonly StoredMailbox[] }>;
  /** A message whose recording is kept; where `mailTo` is given, the mail about it is in the outbox, or neither is. */
  insert(message: Message, mailTo: string | null): Promise<void>;
  /** `heard` or `deletedAt` are others. */
  update(message: Message): Promise<void>;
  /** Their recordings are gone already, and mail about them that was not sent goes with them. */
  remove(messages: readonly RecordingId[]): Promise<void>;
  putMailbox(mailbox: StoredMailbox): Promise<void>;
}

/** What a recording says of itself: after a crash, its row is made of this. */
export type RecordingLabel =
  | ({ readonly kind: 'message' } & Pick<Message, 'id' | 'extension' | 'from' | 'at' | 'reason'>)
  | { readonly kind: 'greeting'; readonly id: RecordingId; readonly extension: ExtensionId };

/** A recording under way: invisible until it is kept. */
export interface OpenRecording {
  /** Octets of the file, in order. What goes wrong with them is said by `keep`. */
  write(octets: Uint8Array): void;
  /**
   * The last octets are written: the file is on the disk and has its name when this resolves. Rejects where it is not; then
   * `salvage` finds what there is of it, unless `discard` comes first.
   */
  keep(): Promise<void>;
  /** As if it had never been; harmless once it is kept. */
  discard(): Promise<void>;
}

/** What a crash left of a message: playable up to its last second, and kept by now, but without its row. */
export interface SalvagedMessage {
  readonly label: Extract<RecordingLabel, { readonly kind: 'message' }>;
  readonly durationMs: number;
}

/** What the start found among the files. */
export interface Salvage {
  readonly messages: readonly SalvagedMessage[];
  /** Of the ids that have rows, those that have no file. */
  readonly missing: readonly RecordingId[];
}

/** The sounds of one organization's mailboxes: Ogg Opus files (RFC 7845). */
export interface Recordings {
  /** Is there room on the disk for one more? */
  hasRoom(): Promise<boolean>;
  /** Begins a file. `label` goes into its OpusTags, and is written before anything else. */
  begin(label: RecordingLabel): Promise<OpenRecording>;
  /** The file; rejects where there is none. */
  read(id: RecordingId): Promise<Buffer>;
  /** Harmless where there is none. */
  delete(id: RecordingId): Promise<void>;
  /**
   * At the start, and only then: gives what a crash left its end, and a name; forgets recordings that nobody knows and that
   * are no messages. `known` are the ids that have rows.
   */
  salvage(known: ReadonlySet<RecordingId>): Promise<Salvage>;
}

/** Slow hashes of the mailboxes' PINs. */
export interface VoicemailPins {
  has(extension: ExtensionId): boolean;
  /** The same work where there is no PIN as for a wrong one. */
  verify(extension: ExtensionId, pin: string): Promise<boolean>;
}

/** How much a mailbox holds, and for how long. */
export interface VoicemailLimits {
  readonly messages: number;
  /** All messages of a mailbox together. */
  readonly totalMs: number;
  /** How long messages are kept; `null` for ever. */
  readonly retentionMs: number | null;
}

/** Of one message: hang-up, `#`, this long, or this much silence ends it. */
export const LONGEST_MESSAGE_MS = 5 * 60_000;
export const LONGEST_GREETING_MS = 60_000;
export const ENDING_SILENCE_MS = 8_000;
/** Nobody meant to leave less than this. */
export const SHORTEST_MESSAGE_MS = 1_000;
/** For how long a deleted message can be restored. */
export const RESTORABLE_MS = 10 * 60_000;

/** What happens to messages, for logs and metrics. */
export interface VoicemailJournal {
  /** A caller was at a mailbox, and this came of it. */
  deposited(
    extension: ExtensionId,
    outcome: 'kept' | 'too-short' | 'mailbox-full' | 'disk-full' | 'failed' | 'salvaged',
  ): void;
  visited(extension: ExtensionId, outcome: 'opened' | 'wrong-pin' | 'no-pin'): void;
  /** Messages that were deleted for good: by their owner, or for their age. */
  removed(count: number, why: 'deleted' | 'expired'): void;
  /** A mistake of ours, of the disk or of storage: one message or one tidying suffered, the rest goes on. */
  failed(error: unknown): void;
}
