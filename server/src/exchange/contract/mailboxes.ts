import type { ExtensionId, MailboxView, RecordingId, TerminalId } from '@perch/shared';

/** A browser at a terminal; `browser` tells it from the others of that terminal. */
export interface MailboxVisitor {
  readonly terminal: TerminalId;
  readonly browser: string;
}

/**
 * Why a visitor is not served: no extension speaks here, or another one by now; the PIN was not given; there is no such
 * message or greeting; the disk is full.
 */
export type MailboxRefusal = 'locked' | 'pin-needed' | 'not-found' | 'disk-full';

interface At {
  readonly at: MailboxVisitor;
}
/** Messages that a number has left, from the first instant to the last. */
export interface MessagesFrom {
  readonly number: string;
  readonly from: number;
  readonly until: number;
}
interface Message extends At {
  readonly message: RecordingId;
}

/** What pages of a terminal ask of the mailbox of the extension that speaks through it, which is looked up at each command. */
export interface MailboxCommands {
  'view-mailbox': [At, MailboxView | 'locked'];
  /** Also `wrong-pin` where too many were wrong lately, or the mailbox has none. */
  'unlock-mailbox': [At & { readonly pin: string }, 'open' | 'wrong-pin' | 'locked'];
  /** An Ogg Opus file. */
  'fetch-recording': [Message, Uint8Array | MailboxRefusal];
  'mark-message': [Message & { readonly heard: boolean }, 'done' | MailboxRefusal];
  'delete-message': [Message, 'done' | MailboxRefusal];
  'restore-message': [Message, 'done' | MailboxRefusal];
  /** An Ogg Opus file. */
  'fetch-greeting': [At, Uint8Array | MailboxRefusal];
  /** May the greeting be replaced, and is there room for one? Asked before a sound is made ready, which is work. */
  'begin-greeting': [At, GreetingBegun | MailboxRefusal];
  /**
   * Opus packets of 20 ms each become the greeting, only if the extension that spoke here when it was begun has done so without a break
   * until they are kept: a guest's never becomes the desk's.
   */
  'replace-greeting': [
    At & GreetingBegun & { readonly packets: readonly Uint8Array[] },
    'done' | MailboxRefusal,
  ];
  'remove-greeting': [At, 'done' | MailboxRefusal];
  /** The messages that a number has left for anybody in that time are deleted for good. */
  'forget-messages-from': [MessagesFrom, 'done'];
  /** Who may change PIN and mail address here: the owner, at home, of a personal phone; `null` for anyone else. */
  'mailbox-owner': [{ readonly terminal: TerminalId }, ExtensionId | null];
}

export interface GreetingBegun {
  /** Which uninterrupted time of the extension at the terminal it was. */
  readonly stay: number;
}
