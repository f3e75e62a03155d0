import type { CallId, DepositReason, ExtensionId, RecordingId } from '@perch/shared';
import type { PinGuesses } from '../../network/machines/pin-guesses.ts';

/** A message. Its sound is the recording of the same id. */
export interface Message {
  readonly id: RecordingId;
  readonly extension: ExtensionId;
  /** The caller, with the number and name of that time. */
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

/** What is stored of a mailbox besides its messages. Without a greeting, wrong PINs and locks it has no row. */
export interface StoredMailbox {
  readonly extension: ExtensionId;
  readonly greeting: Greeting | null;
  /** So that a restart does not allow more guesses. */
  readonly pinGuesses: PinGuesses;
}

/** The mailboxes of one organization. Each promise resolves once its change would survive a power cut. */
export interface MailboxStore {
  load(): Promise<{ readonly messages: readonly Message[]; readonly mailboxes: readonly StoredMailbox[] }>;
  /** Adds a message whose recording is kept and, where `mailTo` is given, the mail about it to the outbox: both or neither. */
  insert(message: Message, mailTo: string | null): Promise<void>;
  /** Writes changes of `heard` or `deletedAt`. */
  update(message: Message): Promise<void>;
  /** Removes messages whose recordings are gone already, and unsent mail about them. */
  remove(messages: readonly RecordingId[]): Promise<void>;
  putMailbox(mailbox: StoredMailbox): Promise<void>;
}

/** What the file of a recording says about it: after a crash, its row is made from this. */
export type RecordingLabel =
  | ({ readonly kind: 'message' } & Pick<Message, 'id' | 'extension' | 'from' | 'at' | 'reason'>)
  | { readonly kind: 'greeting'; readonly id: RecordingId; readonly extension: ExtensionId };

/** A recording under way: invisible until it is kept. */
export interface OpenRecording {
  /** Octets of the file, in order. `false` once some could not be written: it is lost, and `keep` says why. */
  write(octets: Uint8Array): boolean;
  /**
   * The last octets are written: the file is on the disk and has its name when this resolves. Where it rejects,
   * `salvage` finds what was written, unless `discard` comes first.
   */
  keep(): Promise<void>;
  /** Deletes it; harmless once it is kept. */
  discard(): Promise<void>;
}

/** A message that a crash interrupted: playable up to its last second, and kept by now, but without its row. */
export interface SalvagedMessage {
  readonly label: Extract<RecordingLabel, { readonly kind: 'message' }>;
  readonly durationMs: number;
}

/** What a start found among the files. */
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
   * Called only at the start: completes and names the messages that a crash interrupted; deletes other recordings without
   * a row. `known` are the ids that have rows.
   */
  salvage(known: ReadonlySet<RecordingId>): Promise<Salvage>;
}

/** Slow hashes of the mailboxes' PINs. */
export interface VoicemailPins {
  has(extension: ExtensionId): boolean;
  /** Does the same work where there is no PIN as for a wrong one. */
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
/** A shorter recording was not meant as a message. */
export const SHORTEST_MESSAGE_MS = 1_000;
/** For how long a deleted message can be restored. */
export const RESTORABLE_MS = 10 * 60_000;

/** What happens to messages, for logs and metrics. */
export interface VoicemailJournal {
  /** A caller's visit to a mailbox ended with this result. */
  deposited(
    extension: ExtensionId,
    outcome: 'kept' | 'too-short' | 'mailbox-full' | 'disk-full' | 'failed' | 'salvaged',
    call?: CallId,
  ): void;
  /** An owner's visit by phone, which is a call, or by page. */
  visited(extension: ExtensionId, outcome: 'opened' | 'wrong-pin' | 'no-pin', call?: CallId): void;
  /** Messages that were deleted for good: by their owner, or for their age. */
  removed(count: number, why: 'deleted' | 'expired'): void;
  /** An error of ours, of the disk or of storage: it affected one message or one tidying, everything else goes on. */
  failed(error: unknown, call?: CallId): void;
}
